-- SPDX-License-Identifier: GPL-2.0-or-later
-- Wireshark: files that "iavfctl trace -w" writes (cli/pcapng.h has the format).
--   wireshark -X lua_script:iavf-mailbox.lua FILE
-- What is in the payload stands in the comment of each packet.

-- daemon/virtchnl/opcodes.h; a test compares them
local names = {
	[1] = "VERSION",
	[2] = "RESET_VF",
	[3] = "GET_VF_RESOURCES",
	[4] = "CONFIG_TX_QUEUE",
	[5] = "CONFIG_RX_QUEUE",
	[6] = "CONFIG_VSI_QUEUES",
	[7] = "CONFIG_IRQ_MAP",
	[8] = "ENABLE_QUEUES",
	[9] = "DISABLE_QUEUES",
	[10] = "ADD_ETH_ADDR",
	[11] = "DEL_ETH_ADDR",
	[12] = "ADD_VLAN",
	[13] = "DEL_VLAN",
	[14] = "CONFIG_PROMISCUOUS_MODE",
	[15] = "GET_STATS",
	[17] = "EVENT",
	[18] = "CONFIG_RSS_HFUNC",
	[20] = "RDMA",
	[21] = "CONFIG_RDMA_IRQ_MAP",
	[22] = "RELEASE_RDMA_IRQ_MAP",
	[23] = "CONFIG_RSS_KEY",
	[24] = "CONFIG_RSS_LUT",
	[25] = "GET_RSS_HENA",
	[26] = "SET_RSS_HENA",
	[27] = "ENABLE_VLAN_STRIPPING",
	[28] = "DISABLE_VLAN_STRIPPING",
	[29] = "REQUEST_QUEUES",
	[30] = "ENABLE_CHANNELS",
	[31] = "DISABLE_CHANNELS",
	[32] = "ADD_CLOUD_FILTER",
	[33] = "DEL_CLOUD_FILTER",
	[34] = "INLINE_IPSEC_CRYPTO",
	[37] = "DCF_CONFIG_BW",
	[38] = "DCF_VLAN_OFFLOAD",
	[39] = "DCF_CMD_DESC",
	[40] = "DCF_CMD_BUFF",
	[41] = "DCF_DISABLE",
	[42] = "DCF_GET_VSI_MAP",
	[43] = "DCF_GET_PKG_INFO",
	[44] = "GET_SUPPORTED_RXDIDS",
	[45] = "ADD_RSS_CFG",
	[46] = "DEL_RSS_CFG",
	[47] = "ADD_FDIR_FILTER",
	[48] = "DEL_FDIR_FILTER",
	[50] = "GET_MAX_RSS_QREGION",
	[51] = "GET_OFFLOAD_VLAN_V2_CAPS",
	[52] = "ADD_VLAN_V2",
	[53] = "DEL_VLAN_V2",
	[54] = "ENABLE_VLAN_STRIPPING_V2",
	[55] = "DISABLE_VLAN_STRIPPING_V2",
	[56] = "ENABLE_VLAN_INSERTION_V2",
	[57] = "DISABLE_VLAN_INSERTION_V2",
	[58] = "ENABLE_VLAN_FILTERING_V2",
	[59] = "DISABLE_VLAN_FILTERING_V2",
	[60] = "1588_PTP_GET_CAPS",
	[61] = "1588_PTP_GET_TIME",
	[62] = "1588_PTP_SET_TIME",
	[63] = "1588_PTP_ADJ_TIME",
	[64] = "1588_PTP_ADJ_FREQ",
	[65] = "1588_PTP_TX_TIMESTAMP",
	[66] = "GET_QOS_CAPS",
	[67] = "CONFIG_QUEUE_TC_MAP",
	[68] = "1588_PTP_GET_PIN_CFGS",
	[69] = "1588_PTP_SET_PIN_CFG",
	[70] = "1588_PTP_EXT_TIMESTAMP",
	[71] = "1588_PTP_GET_SW_CROSS_TSTAMP",
	[72] = "1588_PTP_GET_PHC_TO_CPU_RATIO",
	[107] = "ENABLE_QUEUES_V2",
	[108] = "DISABLE_QUEUES_V2",
	[111] = "MAP_QUEUE_VECTOR",
	[112] = "CONFIG_QUEUE_BW",
	[113] = "CONFIG_QUANTA",
	[114] = "FLOW_SUBSCRIBE",
	[115] = "FLOW_UNSUBSCRIBE",
	[116] = "SYNCE_GET_PHY_REC_CLK_OUT",
	[117] = "SYNCE_SET_PHY_REC_CLK_OUT",
	[118] = "SYNCE_GET_CGU_REF_PRIO",
	[119] = "SYNCE_SET_CGU_REF_PRIO",
	[120] = "SYNCE_GET_INPUT_PIN_CFG",
	[121] = "SYNCE_SET_INPUT_PIN_CFG",
	[122] = "SYNCE_GET_OUTPUT_PIN_CFG",
	[123] = "SYNCE_SET_OUTPUT_PIN_CFG",
	[124] = "SYNCE_GET_CGU_ABILITIES",
	[125] = "SYNCE_GET_CGU_DPLL_STATUS",
	[126] = "SYNCE_SET_CGU_DPLL_CONFIG",
	[127] = "SYNCE_GET_CGU_INFO",
	[128] = "SYNCE_GET_HW_INFO",
	[129] = "GNSS_READ_I2C",
	[130] = "GNSS_WRITE_I2C",
	[131] = "HQOS_TREE_READ",
	[132] = "HQOS_ELEMS_ADD",
	[133] = "HQOS_ELEMS_DEL",
	[134] = "HQOS_ELEMS_MOVE",
	[135] = "HQOS_ELEMS_CONF",
	[136] = "GET_VF_CAPS2",
}

local statuses = {
	[0] = "SUCCESS", [-5] = "PARAM", [-18] = "NO_MEMORY", [-38] = "OPCODE_MISMATCH", [-39] = "CQP_COMPL_ERROR",
	[-40] = "INVALID_VF_ID", [-53] = "ADMIN_QUEUE_ERROR", [-64] = "NOT_SUPPORTED",
}

local mailbox = Proto("iavf_mailbox", "Intel AVF mailbox")
local f = mailbox.fields
f.version = ProtoField.uint8("iavf_mailbox.version", "Header version")
f.sent = ProtoField.bool("iavf_mailbox.sent", "Sent by the VF", 8, nil, 1)
f.length = ProtoField.uint16("iavf_mailbox.header_length", "Header length")
f.generation = ProtoField.uint32("iavf_mailbox.generation", "Generation")
f.opcode = ProtoField.uint32("iavf_mailbox.opcode", "Opcode", base.DEC, names)
f.status = ProtoField.int32("iavf_mailbox.status", "Status", base.DEC, statuses)
f.payload = ProtoField.bytes("iavf_mailbox.payload", "Payload")

function mailbox.dissector(buffer, pinfo, tree)
	if buffer:len() < 16 or buffer(0, 1):uint() ~= 1 then return 0 end
	local sent = buffer(1, 1):bitfield(7) == 1
	local length = buffer(2, 2):le_uint()
	local opcode = buffer(8, 4):le_uint()
	local status = buffer(12, 4):le_int()
	local name = names[opcode] or ("opcode " .. opcode)
	local top = tree:add(mailbox, buffer(), "AVF mailbox, " .. name)

	top:add(f.version, buffer(0, 1))
	top:add(f.sent, buffer(1, 1))
	top:add_le(f.length, buffer(2, 2))
	top:add_le(f.generation, buffer(4, 4))
	top:add_le(f.opcode, buffer(8, 4))
	if not sent then top:add_le(f.status, buffer(12, 4)) end
	if length >= 16 and buffer:len() > length then top:add(f.payload, buffer(length)) end
	pinfo.cols.protocol = "virtchnl"
	pinfo.cols.src = sent and "VF" or "PF"
	pinfo.cols.dst = sent and "PF" or "VF"
	pinfo.cols.info = name .. ((sent or status == 0) and "" or (" " .. (statuses[status] or status)))
	return buffer:len()
end

DissectorTable.get("wtap_encap"):add(wtap.USER0, mailbox)
