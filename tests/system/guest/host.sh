#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# daemon/host on the real netdev (netdev: a job of its worker thread): each thing is set, read back, and compared with what
# unmodified ip and ethtool print (host.py); what the PF refuses arrives; nothing else is touched.
. "$(dirname "$0")/lib.sh"

NETDEV=/usr/libexec/iavf-tests/netdev
within 10 owned
find_vfs
# index DEV
index() { cat "/sys/class/net/$1/ifindex"; }
# no router solicitations in between
sysctl -qw net.ipv6.conf.all.disable_ipv6=1
I1=$(index "$D1")
ip link set "$D1" up
ip link set "$D2" up
up() { ip -j link show "$1" | jq -e '.[0].operstate == "UP"'; }
within 10 up "$D1"

netdev() { "$NETDEV" "$P1" "$I1" "$@"; }
state() { netdev read; }
# agrees: all that is read is what ip and ethtool print
agrees() { state | /share/host.py; }
# is FILTER: true of what is read now, and ip and ethtool agree
is()
{
	state | jq -e "$1" || { state | jq -c . && return 1; }
	agrees
}
last_error() { iavfctl -j show "$P1" | jq -r '.vfs[0].last_error.message'; }
# refused WORDS PATTERN OP...: it fails, the line that says so has this
refused()
{
	local pattern=$1 said
	shift
	said=$(netdev "$@") && die "worked: $*"
	echo "$said"
	grep -Eq "$pattern" <<<"$said"
}

t_read()
{
	is '.name != "" and .up and .channels.combined > 0 and (.table | length) > 0'
	ip link set "$D1" down
	is '.up | not'
	ip link set "$D1" up
	within 10 up "$D1"
}
t_mtu()
{
	netdev mtu 1400
	is '.mtu == 1400'
	refused 'mtu EINVAL kernel: mtu greater than device maximum' mtu 20000
	netdev mtu 1500
	is '.mtu == 1500'
}
t_mac()
{
	local before
	before=$(cat "/sys/class/net/$D1/address")
	netdev mac 02:00:00:00:aa:02
	is '.mac == "02:00:00:00:aa:02"'
	refused 'mac EADDRNOTAVAIL' mac 01:00:00:00:aa:02
	netdev mac "$before"
	is ".mac == \"$before\""
}
t_flags()
{
	netdev flags +promisc +allmulti
	is '.promisc and .allmulti and .up'
	netdev flags -promisc
	is '(.promisc | not) and .allmulti'
	# somebody else's flags stay
	ip link set "$D1" promisc on
	netdev flags -allmulti -up
	is '.promisc and (.allmulti or .up | not)'
	ip link set "$D1" promisc off
	netdev flags +up
	within 10 up "$D1"
	agrees
}
t_channels()
{
	netdev channels 1 0 0
	is '.channels.combined == 1'
	netdev channels 1 1 0
	is '.channels.combined == 1 and .channels.rx == 1'
	refused 'channels EINVAL' channels 4000 0 0
	netdev channels 2 0 0
	is '.channels.combined == 2'
}
t_rings()
{
	netdev rings 1024 256
	is '.rings.rx == 1024 and .rings.tx == 256'
	refused 'rings EINVAL kernel: a ring has 64 to 4096 descriptors' rings 1 1
	refused 'rings EINVAL kernel: requested ring size exceeds maximum' rings 9000 512
	netdev rings 512 512
	is '.rings.rx == 512 and .rings.tx == 512'
}
t_coalesce()
{
	netdev coalesce adaptive-rx off rx-usecs 20
	is '.coalesce.rx_usecs == 20 and (.coalesce.adaptive_rx | not)'
	netdev coalesce tx-usecs 30 adaptive-tx off
	is '.coalesce.tx_usecs == 30 and .coalesce.rx_usecs == 20'
	refused 'coalesce EINVAL kernel: rx-usecs and tx-usecs are limited to 8160' coalesce rx-usecs 9000
	netdev coalesce adaptive-rx on adaptive-tx on
	is '.coalesce.adaptive_rx and .coalesce.adaptive_tx'
}
t_features()
{
	netdev features rx-checksum off tx-tcp-segmentation off
	is '(.features["rx-checksum"].active or .features["tx-tcp-segmentation"].active) | not'
	# as it is already, and fixed
	netdev features rx-checksum off loopback off
	refused 'features EOPNOTSUPP own: loopback is fixed' features rx-checksum on loopback on
	is '.features["rx-checksum"].active | not'
	refused 'features EOPNOTSUPP own: this kernel has no feature warp' features warp on
	# all that may be switched is switched off and on, but for filters, of which a PF has not enough for both to be off
	local all
	all=$(state | jq -r '.features | to_entries[] | select((.value.fixed | not) and .value.active) | .key' | grep -v 'vlan.*-filter')
	# shellcheck disable=SC2046
	netdev features $(printf '%s off ' $all)
	agrees
	# shellcheck disable=SC2046
	netdev features $(printf '%s on ' $all) rx-checksum on tx-tcp-segmentation on
	is '.features["rx-checksum"].active and .features["tx-tcp-segmentation"].active'
}
# one tag type at a time is parsed: the kernel takes the wish and leaves it off
t_feature_stays()
{
	refused 'features EIO own: rx-vlan-stag-hw-parse stays off' features rx-vlan-hw-parse on rx-vlan-stag-hw-parse on
	agrees
	netdev features rx-vlan-stag-hw-parse off
	is '.features["rx-vlan-hw-parse"].active'
}
repeat() { local i; for ((i = 0; i < $1; i++)); do printf '%s' "$2"; done; }
pf_is() { [ "$(avfsimctl show 0 | jq -r "$1")" = "$2" ]; }
t_rss()
{
	local key
	key=$(repeat 51 5a:)77
	netdev rss key "$key" table "$(repeat 63 1,)1"
	is ".key == \"$key\" and .table[0] == 1 and .table[63] == 1"
	pf_is .rss_key "${key//:/}"
	netdev rss table "$(repeat 32 0,1, | sed 's/,$//')"
	is ".key == \"$key\" and .table[0:2] == [0, 1]"
	refused 'rss EINVAL own: the RSS key has 52 bytes, not 3' rss key 01:02:03
	refused 'rss EINVAL own: the RSS table has 64 entries, not 2' rss table 0,1
	refused 'rss EINVAL' rss table "$(repeat 63 0,)500"
	refused 'rss EOPNOTSUPP' rss function 2
	netdev rss default
	is '.table[0:4] == [0, 1, 0, 1]'
	pf_is .rss_key "${key//:/}"
}
has_xfrm() { ethtool -x "$D1" | grep -q symmetric-xor; }
t_symmetric()
{
	# not symmetric is what it is
	netdev rss symmetric off
	if ! state | jq -e '.have / 128 % 2 >= 1'; then
		not has_xfrm
		refused 'rss EOPNOTSUPP own: symmetric hashing needs Linux 6.8 or later' rss symmetric on
		return
	fi
	netdev rss symmetric on
	is .symmetric
	pf_is .rss_symmetric true
	# and stays when something else is set
	netdev rss default
	is .symmetric
	netdev rss symmetric off
	is '.symmetric | not'
	pf_is .rss_symmetric false
}
t_hash_fields()
{
	netdev hash-fields tcp4 3
	is '.hash_fields.tcp4 == 3 and .hash_fields.udp6 == 15'
	netdev hash-fields udp6 9
	is '.hash_fields.tcp4 == 3 and .hash_fields.udp6 == 9'
	netdev hash-fields tcp4 15 , hash-fields udp6 15
	is '.hash_fields.tcp4 == 15 and .hash_fields.udp6 == 15'
}

names() { state | jq -c '[.vlans[].name]'; }
t_vlans()
{
	expect made 'vlan-add done changed' "$(netdev vlan-add v100 ctag 100 "" up)"
	expect again 'vlan-add done' "$(netdev vlan-add v100 ctag 100 "" up)"
	# what cannot be up is not made
	refused 'vlan-add ENETDOWN' vlan-add v200 stag 200 "" , vlan-add v200.7 ctag 7 v200 up
	expect names '["v100","v200"]' "$(names)"
	netdev vlan-add v200 stag 200 "" up , vlan-add v200.7 ctag 7 v200 up
	is '.vlans | map(.name) == ["v100", "v200", "v200.7"]'
	is '.vlans[1].protocol == "802.1ad" and .vlans[2].parent == "v200" and .vlans[2].id == 7'
	within 5 vlans_are 0 '[100]'
	# one that is there and down is set up
	ip link set v100 down
	expect "set up" 'vlan-add done' "$(netdev vlan-add v100 ctag 100 "" up)"
	is '.vlans[0].up'
}
# devices of others are left alone, whatever they are called
t_vlans_of_others()
{
	local before
	ip link add link "$D2" name other type vlan id 100
	ip link add name bridge type bridge
	ip link add link "$D1" name mine type vlan id 5
	before=$(ip -d -o link show other; ip -d -o link show bridge; ip -d -o link show mine)
	refused 'vlan-add EEXIST own: 802.1Q VLAN 100 of .* is there with the name v100: rename or remove it' vlan-add w ctag 100
	refused 'vlan-add EEXIST own: there is another interface named other' vlan-add other ctag 101
	refused 'vlan-add EEXIST own: there is another interface named bridge' vlan-add bridge ctag 101
	refused 'vlan-add EEXIST own: there is another interface named mine' vlan-add mine ctag 6
	refused 'vlan-add ENOENT own: other is no VLAN device on' vlan-add x ctag 6 other
	refused 'vlan-add ENOENT own: bridge is no VLAN device on' vlan-add x ctag 6 bridge
	refused 'vlan-add EINVAL own: VLAN 4095 is above 4094' vlan-add x ctag 4095
	refused 'vlan-add EINVAL own: a VLAN device needs a name' vlan-add "" ctag 5
	expect "other name" 'vlan-del done' "$(netdev vlan-del nine ctag 5)"
	expect "other tag" 'vlan-del done' "$(netdev vlan-del mine stag 5)"
	expect "other id" 'vlan-del done' "$(netdev vlan-del mine ctag 6)"
	expect "other netdev" 'vlan-del done' "$(netdev vlan-del other ctag 100)"
	expect "no VLAN" 'vlan-del done' "$(netdev vlan-del bridge ctag 100)"
	refused 'vlan-del EBUSY own: v200.7 is on it: remove that first' vlan-del v200 stag 200
	expect untouched "$before" "$(ip -d -o link show other; ip -d -o link show bridge; ip -d -o link show mine)"
	expect names '["mine","v100","v200","v200.7"]' "$(state | jq -c '[.vlans[].name] | sort')"
	ip link del other
	ip link del bridge
	ip link del mine
}
# what is on a VLAN device in another namespace, or on another one's index there, is not ours
t_vlan_elsewhere()
{
	ip netns add far
	ip link add link "$D1" name gone type vlan id 9
	ip link set gone netns far
	expect names '["v100","v200","v200.7"]' "$(state | jq -c '[.vlans[].name]')"
	refused 'vlan-add EEXIST' vlan-add near ctag 9
	expect "not here" 'vlan-del done' "$(netdev vlan-del gone ctag 9)"
	ip -n far link show gone
	ip netns del far
}
t_vlan_mtu()
{
	expect changed 'vlan-mtu done changed' "$(netdev vlan-mtu v200 stag 200 "" 1400)"
	expect again 'vlan-mtu done' "$(netdev vlan-mtu v200 stag 200 "" 1400)"
	# the kernel takes down what is on it, and lets nothing above it
	is '.vlans | map(.mtu) == [1500, 1400, 1400]'
	refused 'vlan-mtu ERANGE own: mtu 1401 of v200.7 is above that of v200' vlan-mtu v200.7 ctag 7 v200 1401
	netdev vlan-mtu v200 stag 200 "" 1500 , vlan-mtu v200.7 ctag 7 v200 1300
	is '.vlans | map(.mtu) == [1500, 1500, 1300]'
	refused 'vlan-mtu ENOENT own: there is no 802.1Q VLAN 100 on .* with the name other' vlan-mtu other ctag 100 "" 1400
	refused 'vlan-mtu ENOENT own: there is no 802.1ad VLAN 100 on .* with the name v100' vlan-mtu v100 stag 100 "" 1400
	refused 'vlan-mtu ENOENT own: there is no 802.1Q VLAN 7 on v100 with the name v200.7' vlan-mtu v200.7 ctag 7 v100 1400
	is '.vlans | map(.mtu) == [1500, 1500, 1300]'
}
t_vlans_removed()
{
	expect removed "$(printf 'vlan-del done changed\n%.0s' 1 2 3)" \
		"$(netdev vlan-del v200.7 ctag 7 v200 , vlan-del v200 stag 200 , vlan-del v100 ctag 100)"
	expect again 'vlan-del done' "$(netdev vlan-del v100 ctag 100)"
	is '.vlans == []'
	within 5 vlans_are 0 '[]'
}

# The index is not that of the device that is meant, or of none.
t_wrong_netdev()
{
	local said
	said=$("$NETDEV" "$P1" "$(index "$D2")" mtu 1300) && die worked
	grep -F "mtu ENODEV own: interface $(index "$D2") of $P1 is gone, it has $D1 now" <<<"$said"
	said=$("$NETDEV" "$P1" 9999 mtu 1300) && die worked
	grep -F "mtu ENODEV own: interface 9999 of $P1 is gone, it has $D1 now" <<<"$said"
	said=$("$NETDEV" "$P1" 1 read) && die worked
	grep -F "read ENODEV own" <<<"$said"
	said=$("$NETDEV" 0000:ff:1f.7 "$I1" mtu 1300) && die worked
	grep -F 'mtu ENODEV own: 0000:ff:1f.7 has no network interface' <<<"$said"
	said=$("$NETDEV" "$P1" "$(index "$D2")" vlan-add x ctag 5) && die worked
	expect mtu 1500 "$(cat "/sys/class/net/$D2/mtu")"
	not ip link show x
}
t_other_namespace()
{
	ip netns add far
	ip link set "$D1" netns far
	refused "mtu EXDEV own: the interface of $P1 is in another network namespace" mtu 1300
	refused 'read EXDEV own' read
	refused 'rss EXDEV own' rss default
	# and an index that another one has by then
	ip link add name bridge index "$I1" type bridge
	refused 'mtu EXDEV own' mtu 1300
	expect mtu 1500 "$(cat /sys/class/net/bridge/mtu)"
	ip link del bridge
	ip -n far link set "$D1" netns 1
	ip netns del far
	I1=$(index "$D1")
	ip link set "$D1" up
	within 10 up "$D1"
	agrees
}

# the rest of a job is not run
t_stops()
{
	expect job "$(printf '%s\n' 'mtu done' 'mtu EINVAL kernel: mtu greater than device maximum' 'flags not-run' 'mtu not-run')" \
		"$(netdev mtu 1450 , mtu 20000 , flags +promisc , mtu 1460 || true)"
	is '.mtu == 1450 and (.promisc | not)'
	netdev mtu 1500
}

# pf_refuses OP PATTERN NETDEV-ARGS...: the PF says no to OP, and nothing has changed; once it does not, it works
pf_refuses()
{
	local op=$1 pattern=$2 before
	shift 2
	before=$(state)
	avfsimctl fault add refuse=-5 vf=0 dir=request op="$op" count=always
	refused "$pattern" "$@"
	last_error
	last_error | grep -F "$op"
	avfsimctl fault clear
	within 10 up "$D1"
	expect state "$before" "$(state)"
	agrees
	netdev "$@"
}
t_refused_mac()
{
	local before
	before=$(cat "/sys/class/net/$D1/address")
	pf_refuses ADD_ETH_ADDR 'mac E[A-Z]+ own: ' mac 02:00:00:00:aa:03
	netdev mac "$before"
}
t_refused_rss()
{
	pf_refuses CONFIG_RSS_KEY 'rss E[A-Z]+ own: ' rss key "$(repeat 51 a5:)01"
	pf_refuses CONFIG_RSS_LUT 'rss E[A-Z]+ own: ' rss table "$(repeat 63 1,)0"
	netdev rss default
}
t_refused_fields()
{
	pf_refuses ADD_RSS_CFG 'hash-fields E[A-Z]+ own: ' hash-fields tcp6 1
	netdev hash-fields tcp6 15
}
t_refused_feature()
{
	pf_refuses DISABLE_VLAN_STRIPPING_V2 'features E[A-Z]+ own: rx-vlan-hw-parse stays on' features rx-vlan-hw-parse off
	netdev features rx-vlan-hw-parse on
}
t_refused_rings()
{
	avfsimctl fault add refuse=-5 vf=0 dir=request op=CONFIG_VSI_QUEUES
	refused 'rings E[A-Z]+ (kernel|own): ' rings 1024 1024
	last_error | grep -F CONFIG_VSI_QUEUES
	avfsimctl fault clear
	within 20 up "$D1"
	is '.rings.rx == 512'
}
# nobody answers: the kernel's own clock ends it, and the worker's loop goes on
t_silent()
{
	local pid
	pid=$(systemctl show -P MainPID iavfd)
	kill -STOP "$pid"
	refused 'mac ETIMEDOUT own' mac 02:00:00:00:aa:04 , mtu 1400
	kill -CONT "$pid"
	within 10 netdev mac 02:00:00:00:aa:04
	agrees
}

# The unit's own sandbox, with another program in it.
t_sandbox()
{
	local unit=/run/systemd/system/host-test.service
	sed -e "s|^ExecStart=.*|ExecStart=$NETDEV $P1 $I1 \$STEPS|" -e 's|^Type=.*|Type=oneshot|' -e '/^ExecReload\|^BusName\|^WatchdogSec\|^Restart\|^RuntimeDirectory\|^Before\|^Wants\|^Conflicts/d' \
		-e 's|^\[Service\]|&\nStandardOutput=file:/run/host-test.out|' \
		-e '/^\[Install\]/,$d' /usr/lib/systemd/system/iavfd.service >$unit
	sed -i "s|\\\$STEPS|read , mtu 1420 , flags +allmulti , rings 256 256 , channels 1 0 0 , coalesce rx-usecs 10 , features rx-checksum off , rss default , hash-fields tcp4 3 , vlan-add box ctag 77 \"\" up , read|" $unit
	grep -c '^RestrictAddressFamilies=AF_UNIX AF_NETLINK' $unit
	systemctl daemon-reload
	systemctl start host-test || { journalctl -u host-test -o cat; cat /run/host-test.out; return 1; }
	tail -n 1 /run/host-test.out | jq -e '.mtu == 1420 and .vlans[0].name == "box"'
	tail -n 1 /run/host-test.out | /share/host.py
	netdev mtu 1500 , flags -allmulti , rings 512 512 , channels 2 0 0 , features rx-checksum on , hash-fields tcp4 15 , vlan-del box ctag 77
	# and where it is not in force
	not setpriv --reuid 65534 --regid 65534 --clear-groups "$NETDEV" "$P1" "$I1" mtu 1400
	setpriv --reuid 65534 --regid 65534 --clear-groups "$NETDEV" "$P1" "$I1" mtu 1400 | grep -F 'mtu EPERM'
	rm $unit
}

# many at once are read and removed again
t_many_vlans()
{
	local i steps=""
	for ((i = 1000; i < 1200; i++)); do steps+="vlan-add many$i stag $i , "; done
	# shellcheck disable=SC2086
	netdev ${steps% , } | sort | uniq -c
	is '.vlans | length == 200'
	# shellcheck disable=SC2086
	netdev ${steps//-add/-del} read | tail -n 1 | jq -e '.vlans == []'
}

run_case read t_read
run_case mtu t_mtu
run_case mac t_mac
run_case flags t_flags
run_case channels t_channels
run_case rings t_rings
run_case coalesce t_coalesce
run_case features t_features
run_case feature-stays t_feature_stays
run_case rss t_rss
run_case symmetric t_symmetric
run_case hash-fields t_hash_fields
run_case vlans t_vlans
run_case vlans-of-others t_vlans_of_others
run_case vlan-elsewhere t_vlan_elsewhere
run_case vlan-mtu t_vlan_mtu
run_case vlans-removed t_vlans_removed
run_case wrong-netdev t_wrong_netdev
run_case stops t_stops
run_case refused-mac t_refused_mac
run_case refused-rss t_refused_rss
run_case refused-fields t_refused_fields
run_case refused-feature t_refused_feature
run_case refused-rings t_refused_rings
run_case silent t_silent
run_case sandbox t_sandbox
run_case many-vlans t_many_vlans
run_case other-namespace t_other_namespace
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
run_case no-violations t_no_violations
finish
