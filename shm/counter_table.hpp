// SPDX-License-Identifier: Apache-2.0
//
// The one table of all counters of the dataplane. A row is an id for code, a name for people and
// files, a kind and a help text. A drop's counter name is the drop's reason.
//
// To add a counter: append a row before the last line, in the group it belongs to or at the end.
// Order is free while both processes are built together: the layout hash covers the names, so a
// control plane of another build is refused instead of misreading. Nothing else is to be edited:
// commands take their rows from here, and `ninja docs-shm-layout` renews docs/shm-layout.md.
#pragma once

// COUNTER(Id, name, Kind, help)
//   Kind Drop: a frame, message or record that ended here. Count: something that happened.
//   Gauge: a present value, set and not added up.
// clang-format off
#define TANDEM_COUNTER_TABLE(COUNTER)                                                              \
    COUNTER(FramesReceived, frames_received, Count, "frames taken from the ports")                 \
    COUNTER(FramesSent, frames_sent, Count, "frames given to the ports")                           \
    COUNTER(BytesReceived, bytes_received, Count, "bytes of the frames received")                  \
    COUNTER(BytesSent, bytes_sent, Count, "bytes of the frames sent")                              \
    COUNTER(FramesToKernel, frames_to_kernel, Count, "frames passed to the kernel tap")            \
    COUNTER(FrameTooShort, frame_too_short, Drop, "frame shorter than its headers")                \
    COUNTER(FrameTooLong, frame_too_long, Drop, "frame longer than the port can carry")            \
    COUNTER(EtherTypeUnknown, ether_type_unknown, Drop, "neither IPv4 nor ARP, and no tap")        \
    COUNTER(EtherOwnSource, ether_own_source, Drop, "our own frame came back")                     \
    COUNTER(EtherNotOurs, ether_not_ours, Drop, "destination MAC address is not ours")             \
    COUNTER(EtherVlanUnknown, ether_vlan_unknown, Drop, "VLAN tag that is not configured")         \
    COUNTER(ArpMalformed, arp_malformed, Drop, "ARP packet of wrong shape")                        \
    COUNTER(ArpNotOurs, arp_not_ours, Drop, "ARP request for an address that is not ours")         \
    COUNTER(ArpRequestsAnswered, arp_requests_answered, Count, "ARP requests answered")            \
    COUNTER(ArpRequestsSent, arp_requests_sent, Count, "ARP requests sent")                        \
    COUNTER(ArpRepliesReceived, arp_replies_received, Count, "ARP replies received")               \
    COUNTER(ArpConflicts, arp_conflicts, Count, "another host uses an address of ours")            \
    COUNTER(NeighbourUnresolved, neighbour_unresolved, Drop, "no MAC address was learnt in time")  \
    COUNTER(NeighbourQueueFull, neighbour_queue_full, Drop, "too many frames await one neighbour") \
    COUNTER(IpHeaderMalformed, ip_header_malformed, Drop, "IPv4 header of wrong version or length")\
    COUNTER(IpBadChecksum, ip_bad_checksum, Drop, "IPv4 header checksum wrong")                    \
    COUNTER(IpTruncated, ip_truncated, Drop, "IPv4 total length longer than the frame")            \
    COUNTER(IpFragment, ip_fragment, Drop, "IPv4 fragment")                                        \
    COUNTER(IpNotOurs, ip_not_ours, Drop, "IPv4 destination is not an address of ours")            \
    COUNTER(IpSourceInvalid, ip_source_invalid, Drop, "IPv4 source is not a host address")         \
    COUNTER(IpProtocolUnknown, ip_protocol_unknown, Drop, "neither UDP nor ICMP, and no tap")      \
    COUNTER(IpNoRoute, ip_no_route, Drop, "no route to the destination")                           \
    COUNTER(IcmpMalformed, icmp_malformed, Drop, "ICMP message of wrong shape or checksum")        \
    COUNTER(IcmpTypeUnknown, icmp_type_unknown, Drop, "ICMP message other than an echo request")   \
    COUNTER(IcmpEchoAnswered, icmp_echo_answered, Count, "ICMP echo requests answered")            \
    COUNTER(UdpLength, udp_length, Drop, "UDP length does not fit the IPv4 packet")                \
    COUNTER(UdpBadChecksum, udp_bad_checksum, Drop, "UDP checksum wrong")                          \
    COUNTER(UdpPortClosed, udp_port_closed, Drop, "nothing of ours listens on the UDP port")       \
    COUNTER(Keepalive, keepalive, Count, "CRLF keep-alives received")                              \
    COUNTER(KeepaliveAnswered, keepalive_answered, Count, "double CRLF keep-alives answered")      \
    COUNTER(StunRequest, stun_request, Count, "STUN binding requests answered")                    \
    COUNTER(StunMalformed, stun_malformed, Drop, "STUN message that is no binding request")        \
    COUNTER(SipNotSip, sip_not_sip, Drop, "datagram on a SIP port that is not SIP")                \
    COUNTER(SipRequestsReceived, sip_requests_received, Count, "SIP requests received")            \
    COUNTER(SipResponsesReceived, sip_responses_received, Count, "SIP responses received")         \
    COUNTER(SipRequestsSent, sip_requests_sent, Count, "SIP requests sent, first time")            \
    COUNTER(SipResponsesSent, sip_responses_sent, Count, "SIP responses sent, first time")         \
    COUNTER(SipBadMessage, sip_bad_message, Drop, "SIP message answered with 400 or 505")          \
    COUNTER(SipBadNoReply, sip_bad_no_reply, Drop, "bad SIP message that cannot be answered")      \
    COUNTER(SipTooManyHeaderLines, sip_too_many_header_lines, Drop, "more than 255 header lines")  \
    COUNTER(SipTooManyHops, sip_too_many_hops, Drop, "Max-Forwards used up, answered with 483")    \
    COUNTER(SipMergedRequest, sip_merged_request, Drop, "request arrived twice, answered with 482")\
    COUNTER(RequestRetransmissions, request_retransmissions, Count, "repeated requests absorbed")  \
    COUNTER(ResponseRetransmissions, response_retransmissions, Count,                              \
            "repeated responses absorbed")                                                         \
    COUNTER(RequestsRepeated, requests_repeated, Count, "requests sent again by a timer")          \
    COUNTER(ResponsesRepeated, responses_repeated, Count, "responses sent again")                  \
    COUNTER(AcksRepeated, acks_repeated, Count, "ACKs sent again for a repeated final response")   \
    COUNTER(TryingSent, trying_sent, Count, "100 Trying sent because the core was silent")         \
    COUNTER(ResponseWithoutTransaction, response_without_transaction, Drop,                        \
            "response that no transaction awaits")                                                 \
    COUNTER(ResponseBadBranch, response_bad_branch, Drop, "response whose branch is not ours")     \
    COUNTER(AckWithoutTransaction, ack_without_transaction, Drop, "ACK that nothing awaits")       \
    COUNTER(CancelWithoutTransaction, cancel_without_transaction, Drop,                            \
            "CANCEL that matches no INVITE, answered with 481")                                    \
    COUNTER(StraysPublished, strays_published, Count, "messages of another life given to the core")\
    COUNTER(ControlplaneAbsent, controlplane_absent, Drop,                                         \
            "request answered with 503 because no control plane is attached")                      \
    COUNTER(RequestsUnread, requests_unread, Drop,                                                 \
            "request answered with 503 because the control plane died before reading it")          \
    COUNTER(TransactionTimeouts, transaction_timeouts, Count, "transactions that timed out")       \
    COUNTER(TransportFailures, transport_failures, Count, "messages that could not leave")         \
    COUNTER(CommandStale, command_stale, Drop, "command for a transaction that has ended")         \
    COUNTER(CommandBad, command_bad, Drop, "command that cannot be executed")                      \
    COUNTER(RecordBad, record_bad, Drop, "record of the core that cannot be read")                 \
    COUNTER(RingCorrupt, ring_corrupt, Count, "rings found corrupt and set up anew")               \
    COUNTER(RingFullRequest, ring_full_request, Drop,                                              \
            "request answered with 503 because the event ring is full")                            \
    COUNTER(RingFullResponse, ring_full_response, Drop, "response lost to a full event ring")      \
    COUNTER(RingFullOther, ring_full_other, Drop, "other event lost to a full event ring")         \
    COUNTER(PoolFullServer, pool_full_server, Count, "no server transaction is free")              \
    COUNTER(PoolFullClient, pool_full_client, Count, "no client transaction is free")              \
    COUNTER(PoolFullBytes, pool_full_bytes, Count, "no room to keep the bytes of a message")       \
    COUNTER(PoolFullFrames, pool_full_frames, Drop, "no frame buffer is free")                     \
    COUNTER(TxFailed, tx_failed, Drop, "frame the port did not take")                              \
    COUNTER(DoorbellsRung, doorbells_rung, Count, "wake-ups of a sleeping core")                   \
    COUNTER(ServerTransactions, server_transactions, Gauge, "server transactions in use")          \
    COUNTER(ClientTransactions, client_transactions, Gauge, "client transactions in use")          \
    COUNTER(LingeringTransactions, lingering_transactions, Gauge,                                  \
            "ended transactions kept for repetitions")                                             \
    COUNTER(Neighbours, neighbours, Gauge, "neighbours known by MAC address")                      \
    COUNTER(FrameSegmented, frame_segmented, Drop, "frame longer than a packet buffer")            \
    COUNTER(IpOptions, ip_options, Drop, "IPv4 packet with options")                               \
    COUNTER(UdpSourcePortZero, udp_source_port_zero, Drop, "UDP source port 0")                    \
    COUNTER(KeepaliveSilent, keepalive_silent, Drop, "keep-alive that wants no answer")            \
    COUNTER(ArpAnnouncementsSent, arp_announcements_sent, Count, "gratuitous ARP packets sent")    \
    COUNTER(DatagramsFragmented, datagrams_fragmented, Count, "datagrams sent in fragments")       \
    COUNTER(SendSourceNotOurs, send_source_not_ours, Drop,                                         \
            "source address or port that is not ours")                                             \
    COUNTER(SendDestinationInvalid, send_destination_invalid, Drop,                                \
            "destination that no host has")                                                        \
    COUNTER(SendTooLong, send_too_long, Drop, "message longer than a UDP datagram")                \
    COUNTER(NeighbourFailed, neighbour_failed, Drop, "the neighbour did not answer a moment ago")  \
    COUNTER(AckRetransmissions, ack_retransmissions, Count, "repeated ACKs absorbed")              \
    COUNTER(RequestsRefusedPoolFull, requests_refused_pool_full, Drop,                             \
            "request answered with 503: a pool is full")                                           \
    COUNTER(PoolFullLingering, pool_full_lingering, Count,                                         \
            "no room for one more lingering transaction")                                          \
    COUNTER(PoolFullForks, pool_full_forks, Drop,                                                  \
            "2xx lost: no room to remember one more To-tag of an INVITE")                          \
    COUNTER(PoolFullRefusals, pool_full_refusals, Count, "503 sent without remembering it")        \
    COUNTER(SipNoVia, sip_no_via, Drop, "SIP message without a readable Via on top")               \
    COUNTER(ResponseForgedBranch, response_forged_branch, Drop,                                    \
            "response with a forged branch of ours")                                               \
    COUNTER(ResponseUnexpected, response_unexpected, Drop, "response that fits no state")          \
    COUNTER(RingFullCancel, ring_full_cancel, Drop, "CANCEL lost to a full event ring")            \
    COUNTER(RingFullAck, ring_full_ack, Drop, "ACK lost to a full event ring")                     \
    COUNTER(MessageControlplaneAbsent, message_controlplane_absent, Drop,                          \
            "message dropped because no control plane is attached")                                \
    COUNTER(CommandSecondFinal, command_second_final, Drop, "response after the final response")   \
    COUNTER(CommandWrongBranch, command_wrong_branch, Drop,                                        \
            "request without the branch of its slot")                                              \
    COUNTER(CommandTooManyReliables, command_too_many_reliables, Drop,                             \
            "too many reliable provisionals await PRACK")                                          \
    COUNTER(CommandOutOfState, command_out_of_state, Drop, "command that fits no state")           \
    COUNTER(TimeoutsServerAck, timeouts_server_ack, Count, "final responses without an ACK")       \
    COUNTER(TimeoutsTwoXxAck, timeouts_2xx_ack, Count, "2xx responses without an ACK")             \
    COUNTER(TimeoutsReliable, timeouts_reliable, Count, "reliable provisionals without a PRACK")   \
    COUNTER(TimeoutsCoreSilent, timeouts_core_silent, Count, "requests the core never answered")   \
    COUNTER(TimeoutsUntold, timeouts_untold, Count, "timeouts with no core to tell")               \
    COUNTER(CancelPoolFull, cancel_pool_full, Drop, "CANCEL lost to a full pool")                  \
    COUNTER(CommandPoolFull, command_pool_full, Drop, "request of the core lost to a full pool")   \
    COUNTER(OrphansTold, orphans_told, Count,                                                      \
            "open transactions of a dead control plane given to the next one")                     \
    COUNTER(OrphansUntellable, orphans_untellable, Drop,                                           \
            "open transaction of a dead control plane that cannot be given to the next one")       \
    COUNTER(OrphanedTransactions, orphaned_transactions, Gauge,                                    \
            "live transactions that an earlier control plane began")
// clang-format on
