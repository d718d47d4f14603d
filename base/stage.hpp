// SPDX-License-Identifier: Apache-2.0
//
// The one table of the stages a message can visit on its way through both processes, each with its
// name and its file: what the pipeline runs, what a trace shows, what docs/path-of-a-message.md
// tells. And the ear of a trace: pure code says where it is, whoever listens decides what to do
// with it and can give nothing back. While nobody listens a visit costs one comparison. Any thread.
//
// To add a stage: an enumerator, its row at the same place, and a visit() in the file. Order is
// free while both processes are built together: the layout hash covers the rows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tandem::base {

enum class Stage : std::uint8_t {
    // dataplane, in the order of its loop
    Rx,
    Ether,
    Arp,
    Ip4,
    Icmp,
    Udp,
    Screen,
    Sip,
    Drain,
    Expire,
    Publish,
    SendUdp,
    SendIp4,
    SendEther,
    Tx,
    // transaction
    Transactions,
    ServerRequest,
    ServerCancel,
    ServerAck,
    ClientResponse,
    OwnAnswer,
    ClientRequest,
    ServerResponse,
    ClientAck,
    TwoXxKeeper,
    TellCore,
    Undelivered,
    // controlplane/io
    CoreThread,
    Intake,
    CommandEffects,
    // controlplane/core
    Core,
    ReceiveRequest,
    ReceiveResponse,
    ReceiveOther,
    Caller,
    Digest,
    Registrar,
    Router,
    Refuse,
    StartCall,
    StartAttempt,
    WriteRequest,
    WriteAck,
    Reply,
    AttemptProvisional,
    AttemptSuccess,
    AttemptFailure,
    CallerAck,
    CancelAttempt,
    ReceiveInDialog,
    RelayRequest,
    ExchangeResponse,
    ExchangeAck,
    ReceivePrack,
    ReceiveBye,
    LeaveLeg,
    EndCall,
};

struct StageRow {
    Stage stage;
    std::string_view name;
    std::string_view file; // in the repository
};

inline constexpr std::array kStageRows = std::to_array<StageRow>({
    {Stage::Rx, "rx", "dataplane/port/rx.cpp"},
    {Stage::Ether, "ether", "dataplane/ingress/ether.cpp"},
    {Stage::Arp, "arp", "dataplane/ingress/arp.cpp"},
    {Stage::Ip4, "ip4", "dataplane/ingress/ip4.cpp"},
    {Stage::Icmp, "icmp", "dataplane/ingress/icmp.cpp"},
    {Stage::Udp, "udp", "dataplane/ingress/udp.cpp"},
    {Stage::Screen, "screen", "dataplane/screen/screen.cpp"},
    {Stage::Sip, "sip", "dataplane/sip/sip.cpp"},
    {Stage::Drain, "drain", "dataplane/drain.cpp"},
    {Stage::Expire, "expire", "dataplane/expire.cpp"},
    {Stage::Publish, "publish", "dataplane/publish.cpp"},
    {Stage::SendUdp, "send-udp", "dataplane/egress/udp.cpp"},
    {Stage::SendIp4, "send-ip4", "dataplane/egress/ip4.cpp"},
    {Stage::SendEther, "send-ether", "dataplane/egress/ether.cpp"},
    {Stage::Tx, "tx", "dataplane/port/tx.cpp"},
    {Stage::Transactions, "transactions", "transaction/layer.cpp"},
    {Stage::ServerRequest, "server-request", "transaction/receive_request.cpp"},
    {Stage::ServerCancel, "server-cancel", "transaction/receive_cancel.cpp"},
    {Stage::ServerAck, "server-ack", "transaction/receive_ack.cpp"},
    {Stage::ClientResponse, "client-response", "transaction/receive_response.cpp"},
    {Stage::OwnAnswer, "own-answer", "transaction/answer.cpp"},
    {Stage::ClientRequest, "client-request", "transaction/command_request.cpp"},
    {Stage::ServerResponse, "server-response", "transaction/command_response.cpp"},
    {Stage::ClientAck, "client-ack", "transaction/command_ack.cpp"},
    {Stage::TwoXxKeeper, "2xx-keeper", "transaction/two_xx_keeper.cpp"},
    {Stage::TellCore, "tell-core", "transaction/tell.cpp"},
    {Stage::Undelivered, "undelivered", "transaction/undelivered.cpp"},
    {Stage::CoreThread, "core-thread", "controlplane/io/core_thread.cpp"},
    {Stage::Intake, "intake", "controlplane/io/intake.cpp"},
    {Stage::CommandEffects, "command-effects", "controlplane/io/command_effects.cpp"},
    {Stage::Core, "core", "controlplane/core/core.cpp"},
    {Stage::ReceiveRequest, "receive-request", "controlplane/core/receive_request.cpp"},
    {Stage::ReceiveResponse, "receive-response", "controlplane/core/receive_response.cpp"},
    {Stage::ReceiveOther, "receive-other", "controlplane/core/receive_other.cpp"},
    {Stage::Caller, "caller", "controlplane/core/caller.cpp"},
    {Stage::Digest, "digest", "controlplane/core/digest.cpp"},
    {Stage::Registrar, "registrar", "controlplane/core/registrar.cpp"},
    {Stage::Router, "router", "controlplane/core/router.cpp"},
    {Stage::Refuse, "refuse", "controlplane/core/refuse.cpp"},
    {Stage::StartCall, "start-call", "controlplane/core/call/start_call.cpp"},
    {Stage::StartAttempt, "start-attempt", "controlplane/core/call/start_attempt.cpp"},
    {Stage::WriteRequest, "write-request", "controlplane/core/call/write_request.cpp"},
    {Stage::WriteAck, "write-ack", "controlplane/core/call/ack.cpp"},
    {Stage::Reply, "reply", "controlplane/core/call/reply.cpp"},
    {Stage::AttemptProvisional,
     "attempt-provisional",
     "controlplane/core/call/attempt_provisional.cpp"},
    {Stage::AttemptSuccess, "attempt-success", "controlplane/core/call/attempt_success.cpp"},
    {Stage::AttemptFailure, "attempt-failure", "controlplane/core/call/attempt_failure.cpp"},
    {Stage::CallerAck, "caller-ack", "controlplane/core/call/caller_ack.cpp"},
    {Stage::CancelAttempt, "cancel-attempt", "controlplane/core/call/cancel_attempt.cpp"},
    {Stage::ReceiveInDialog, "receive-in-dialog", "controlplane/core/call/receive_in_dialog.cpp"},
    {Stage::RelayRequest, "relay-request", "controlplane/core/call/relay_request.cpp"},
    {Stage::ExchangeResponse, "exchange-response", "controlplane/core/call/exchange_response.cpp"},
    {Stage::ExchangeAck, "exchange-ack", "controlplane/core/call/exchange_ack.cpp"},
    {Stage::ReceivePrack, "receive-prack", "controlplane/core/call/receive_prack.cpp"},
    {Stage::ReceiveBye, "receive-bye", "controlplane/core/call/receive_bye.cpp"},
    {Stage::LeaveLeg, "leave-leg", "controlplane/core/call/leave_leg.cpp"},
    {Stage::EndCall, "end-call", "controlplane/core/call/end_call.cpp"},
});

inline constexpr std::size_t kStageCount = kStageRows.size();

static_assert(
    [] {
        for (std::size_t row = 0; row < kStageCount; ++row) {
            if (static_cast<std::size_t>(kStageRows[row].stage) != row) {
                return false;
            }
        }
        return static_cast<std::size_t>(Stage::EndCall) + 1 == kStageCount;
    }(),
    "kStageRows must have every stage, in its order");

[[nodiscard]] constexpr const StageRow& stage_row(Stage stage) noexcept {
    return kStageRows[static_cast<std::size_t>(stage)];
}

// Hears of each stage while it is set somewhere.
class StageWatcher {
  public:
    virtual void visited(Stage stage) noexcept = 0;

  protected:
    StageWatcher() = default;
    StageWatcher(const StageWatcher&) = default;
    StageWatcher(StageWatcher&&) = default;
    StageWatcher& operator=(const StageWatcher&) = default;
    StageWatcher& operator=(StageWatcher&&) = default;
    ~StageWatcher() = default;
};

// Where pure code says that it was visited. One thread, that of the code.
class StageVisits {
  public:
    // Null: nobody listens. The watcher outlives its use here.
    void watch(StageWatcher* watcher) noexcept { watcher_ = watcher; }

    void visit(Stage stage) const noexcept {
        if (watcher_ != nullptr) [[unlikely]] {
            watcher_->visited(stage);
        }
    }

  private:
    StageWatcher* watcher_ = nullptr;
};

// The same for code that may have been given none.
inline void visit(const StageVisits* visits, Stage stage) noexcept {
    if (visits != nullptr) {
        visits->visit(stage);
    }
}

} // namespace tandem::base
