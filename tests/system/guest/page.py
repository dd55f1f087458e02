#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a page of documentation: page.py list PAGE; page.py run PAGE CASE; page.py selftest.

A case is a section (## ...) with indented blocks. In them "# COMMAND" is typed by root, "$ COMMAND" by USER; a command goes on
behind a backslash, and to the end of its here-document. What follows is all that it prints: "..." stands for anything, as a
line for any lines. A run of spaces is as long as it likes. A command that is not 0 is a failure. Each case has a new shell for either user.
"""
import re
import subprocess
import sys

USER = 'admin'
SHELLS = {'#': ['bash'], '$': ['setpriv', '--reuid', USER, '--regid', USER, '--init-groups', '--reset-env', 'bash']}
MARK = 'page-py-end'
HERE = re.compile(r"<<'?(\w+)'?")


def slug(title):
    return re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')


def sections(text):
    """{case: [line of its blocks, ...]}, in the page's order; a section without a block is none."""
    found, name = {}, None
    for line in text.splitlines():
        if line.startswith('## '):
            name = slug(line)
        elif name and line.startswith('    '):
            found.setdefault(name, []).append(line[4:])
    return found


def commands(lines):
    """[(who, command, [line that it prints, ...]), ...]"""
    found, lines = [], iter(lines)
    for line in lines:
        if line[:2] not in ('# ', '$ '):
            if not found:
                raise ValueError(f'a block begins with what is no command: {line}')
            found[-1][2].append(line)
            continue
        typed = [line[2:]]
        here = HERE.search(line)
        while typed[-1] != here.group(1) if here else typed[-1].endswith('\\'):
            typed.append(next(lines))
        found.append((line[0], '\n'.join(typed), []))
    return found


def words(line):
    return ' '.join(line.split())


def pattern(line):
    parts = words(line).split('...')
    return '.*'.join(re.escape(part) for part in parts)


def fits(promised, printed):
    """Is that all that was promised, and nothing else? Any lines for "..."."""
    regex = ''.join(r'(?:.*\n)*' if line.strip() == '...' else pattern(line) + r'\n' for line in promised)
    text = ''.join(words(line) + '\n' for line in printed)
    return re.fullmatch(regex, text) is not None


class Shell:
    def __init__(self, argv):
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd='/')
        self.run('cd ~')

    def run(self, command):
        """(status, [line, ...])"""
        self.process.stdin.write(f'{{ {command}\n}} </dev/null\nprintf "\\n{MARK} %s\\n" "$?"\n'.encode())
        self.process.stdin.flush()
        printed = []
        for line in self.process.stdout:
            line = line.decode(errors='replace').rstrip('\n')
            if line.startswith(MARK):
                # the empty line that the mark has before it
                return int(line.split()[1]), printed[:-1] if printed and not printed[-1] else printed
            printed.append(line)
        raise ValueError(f'the shell ended with: {command}')


def judge(command, promised, status, printed):
    """What is wrong, as lines."""
    if status == 0 and fits(promised, printed):
        return []
    wrong = [f'exit status {status}'] if status else ['the page promises:'] + ['  ' + line for line in promised]
    return [f'typed: {command}'] + wrong + ['it printed:'] + ['  ' + line for line in printed]


def run(lines):
    shells = {}
    for who, command, promised in commands(lines):
        shell = shells.setdefault(who, None) or Shell(SHELLS[who])
        shells[who] = shell
        status, printed = shell.run(command)
        print(f'{who} {command}', *printed, sep='\n')
        wrong = judge(command, promised, status, printed)
        if wrong:
            print(*wrong, sep='\n')
            return 1
    return 0


def selftest():
    page = 'x\n\n    # no case\n\n## One, two\n\nText.\n\n    # cat >f <<END\n    # a\n    $ b\n    END\n    $ cat \\\n      f\n    # a\n' \
        '    ...\n\n    # true\n## Empty\ntext\n'
    found = sections(page)
    assert list(found) == ['one-two'], found
    assert commands(found['one-two']) == [('#', 'cat >f <<END\n# a\n$ b\nEND', []), ('$', 'cat \\\n  f', []), ('#', 'a', ['...']),
                                          ('#', 'true', [])]
    for promised, printed, want in (
            ([], [], True), ([], ['x'], False), (['x'], [], False), (['x'], ['x'], True), (['a  b'], ['a b'], True), (['ab'], ['a b'], False),
            (['a ... c'], ['a b c'], True), (['a ... c'], ['a b d'], False), (['a ...'], ['a b', 'c'], False), (['...'], [], True),
            (['...', 'b'], ['a', 'b'], True), (['...', 'b'], ['a', 'b', 'c'], False), (['a', '...', 'd'], ['a', 'b', 'c', 'd'], True),
            (['a.c'], ['abc'], False), (['a', 'b'], ['b', 'a'], False), (['mtu 900'], ['mtu 9000'], False)):
        assert fits(promised, printed) is want, (promised, printed)
    shell = Shell(['bash'])
    assert shell.run('printf a; printf "b\\n\\nc\\n" >&2') == (0, ['ab', '', 'c'])
    assert shell.run('a=1; false') == (1, [])
    assert shell.run('cat <<END; echo $a\nx\nEND') == (0, ['x', '1'])
    assert judge('c', ['x'], 0, ['x']) == [] and judge('c', ['x'], 1, ['x']) and judge('c', ['x'], 0, ['y'])
    for wrong in ('    x\n', '    x\n    # true\n'):
        try:
            commands(sections('## A\n' + wrong)['a'])
        except ValueError:
            continue
        raise AssertionError(wrong)
    assert run(['# echo a', 'a']) == 0 and run(['# echo a', 'b']) == 1 and run(['# false']) == 1 and run(['# echo a']) == 1
    return 0


def main(argv):
    if argv == ['selftest']:
        return selftest()
    found = sections(open(argv[1]).read())
    if argv[0] == 'list':
        print(*found, sep='\n')
        return 0
    return run(found[argv[2]])


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
