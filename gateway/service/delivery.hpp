#pragma once
// One object that an archive delivers for a retrieval, or pushes: matched to what was asked for, decided,
// opened, and held until it may go. Where policy says `sealed` it is verified in the same way, and goes as it
// came.

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/dimse/command.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/recode.hpp"
#include "gateway/image/spool.hpp"
#include "gateway/service/held_header.hpp"
#include "gateway/service/services.hpp"

namespace portcullis::service {

/// The reason of what is refused since a budget does not suffice.
inline constexpr const char* over_budget = "budget";

/// Why an object is withheld.
struct Withheld {
    std::string reason;    // a word for metrics and the audit
    std::string detail;    // no patient data
    std::uint16_t status;  // for the archive, where it is to be told
    bool alert;            // someone may have tampered

    static Withheld because(ErrorCode error, const std::string& detail);
    static Withheld not_registered();
    static Withheld full(const std::string& what, ErrorCode error);
    static Withheld disk_nearly_full();
    static Withheld unreachable(const std::string& detail);
    static Withheld unreachable(const ErrorCode& error);
    static Withheld exceeding(const policy::Exceeded&);
};

class Delivery {
  public:
    /// Objects up to this many bytes are verified whole before a byte leaves.
    static constexpr std::size_t always_whole = 2 * 1024 * 1024;

    /// `request` is the archive's C-STORE-RQ, which names SOP class and instance; `candidates` the retrievals
    /// that it may belong to.
    Delivery(Services& services, const Archive& archive, dimse::Command request, const Uid& transfer_syntax,
             std::vector<std::shared_ptr<Retrieval>> candidates);
    /// What left, and of which nobody said what became of it, is in the audit all the same.
    ~Delivery();
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    /// Bytes to take at once where they leave at once.
    std::size_t at_once() const { return at_once_; }
    /// The next bytes of the data set. What may be wrong with them shows in withheld().
    void take(ByteView bytes);
    /// The data set is complete. What is wrong shows in withheld().
    net::Awaitable<void> finish();
    /// After finish(), of an object that may go. To be on disk before the last of it leaves: no image arrives
    /// that the audit does not know of.
    std::vector<journal::Entry> intent() const;

    /// Whether the object was sealed, so that who receives it need not take the transfer syntax that it has.
    bool may_be_transcoded() const { return opener_ && !stays_sealed(); }
    /// After finish(), of an object that may go: what is held becomes the same in this transfer syntax, one
    /// of image::uncompressed_syntaxes(). What is wrong shows in withheld().
    net::Awaitable<void> transcode(const Uid& to);

    const std::optional<Withheld>& withheld() const { return withheld_; }
    void withhold(Withheld why);

    /// It is about to leave: what is held is charged to the budgets of whoever asked, and so is all that
    /// follows, as it comes. False, and withheld, if one does not suffice.
    bool leave();
    /// True when what is held, and all that follows, may leave before the object is complete.
    bool may_stream() const;
    /// From now on opened bytes go there, after the caller has sent what is held.
    void stream_to(ByteSink& out) { out_ = &out; }
    image::Spool& held() { return *held_; }

    /// The retrieval it belongs to; nullptr while that is not known.
    const std::shared_ptr<Retrieval>& retrieval() const { return retrieval_; }
    /// The retrieval whose counts tell of it when it is withheld: also one that it could only have belonged
    /// to.
    std::shared_ptr<Retrieval> counted_for() const;
    const dimse::Command& request() const { return request_; }
    /// The transfer syntax of what is held: another than it came in, where it was opened and the archive had
    /// compressed it, or where it was transcoded.
    const Uid& written_in() const;
    const Uid& sop_instance() const { return sop_instance_; }

    /// Writes the audit of what is withheld, has the retrieval count it, and says what to tell the archive:
    /// the reason's own status, or, where `resume` and the retrieval are known, and it is no push, one at
    /// which archives go on with the next object.
    std::uint16_t refused(bool resume);

    /// The receiver has answered: into the audit, the metrics, and what the retrieval has delivered.
    void answered(std::uint16_t status);

  private:
    const Uid& opened_in() const;
    policy::Operation operation() const;
    bool stays_sealed() const { return decision_ == policy::Decision::sealed; }
    audit::Record record(const std::string& phase) const;
    audit::Record record_as(const std::string& event, const std::string& phase, const std::string& reason,
                            const std::string& detail) const;
    void count_opened() const;
    const image::Identifiers& identifiers() const;
    void prepare();
    policy::Object so_far() const;
    std::optional<policy::Verdict> decided_alike(const policy::Object&) const;
    void settle(const policy::Verdict&);
    void begin_as(policy::Decision);
    void hold(ByteView bytes);
    void end_header();
    void decide();
    void pass(ByteView bytes);
    void open_by(const image::TransferSyntax&, std::vector<Bytes> envelopes);
    net::Awaitable<void> transcode_held(image::Recoder& transcoder);
    Result<void> open(ByteView bytes);
    void finish_reading();
    void judge_changes();
    void finish_opening();
    std::optional<registry::Row> row_of_what_it_names() const;
    std::optional<Bytes> renumbered();
    std::optional<Bytes> find_envelope();
    net::Awaitable<void> open_held();
    std::string older_copy() const;
    std::vector<std::pair<std::string, std::string>> warnings() const;
    void match();
    bool is_bound() const;
    policy::Spender spender() const;
    void look_at_budgets(const std::string& study);
    bool charge(const policy::Spent&);
    void add_cost(audit::Record& record) const;

    Services& services_;
    const Archive& archive_;
    dimse::Command request_;
    Uid sop_class_;
    Uid sop_instance_;
    Uid transfer_syntax_;
    bool registered_ = false;
    std::string current_;           // id of the envelope with which it was stored last; empty: none
    std::optional<Uid> sealed_as_;  // its SOP Instance UID then, if the archive changed it
    std::vector<std::shared_ptr<Retrieval>> candidates_;
    bool pass_unregistered_ = false;            // both when it was granted and now
    std::optional<policy::Decision> decision_;  // nothing: it depends on what the data set says
    std::optional<policy::Verdict> verdict_;    // of the retrieval that it belongs to
    std::unique_ptr<HeldHeader> header_;        // where there was no decision at first
    std::shared_ptr<Retrieval> retrieval_;
    std::unique_ptr<image::Opener> opener_;  // of one that is sealed
    std::unique_ptr<image::Reader> reader_;  // of one that the registry does not know as sealed
    std::optional<image::Opened> opened_;
    std::optional<Uid> transcoded_;  // into this transfer syntax
    std::optional<Withheld> withheld_;
    std::unique_ptr<image::Spool> held_;
    ByteSink* out_;
    bool charged_ = false;   // it leaves, or has left
    bool recorded_ = false;  // what became of it
    std::string budget_;     // that has it go as it came
    std::size_t at_once_ = std::numeric_limits<std::size_t>::max();
    std::uint64_t bytes_ = 0;
    net::Clock::time_point began_ = net::Clock::now();
};

}  // namespace portcullis::service
