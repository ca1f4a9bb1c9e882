#pragma once
// Who may do what. Pure: no clock, no socket, no file.
//
// What an object is may not be known yet when a request has to be decided: a C-STORE-RQ says nothing of the
// modality, a C-MOVE-RQ nothing of the objects. Such a request has several possible verdicts until it is.

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/address.hpp"
#include "gateway/base/certificate.hpp"
#include "gateway/base/names.hpp"
#include "gateway/policy/hours.hpp"
#include "gateway/policy/name_pattern.hpp"

namespace portcullis::policy {

/// A peer as the configuration knows it: a title AND an address, a certificate or both. The title alone is no
/// identity.
struct Peer {
    std::string name;
    std::vector<AeTitle> ae_titles;
    std::vector<Network> addresses;                    // empty only with title_only or certificates
    bool title_only = false;                           // trust: ae-title-only
    std::vector<CertificateCondition> certificates{};  // one of them holds, if there are any
};

struct Group {
    std::string name;
    std::vector<std::string> members;  // names of peers
};

enum class Operation { store, retrieve, push, echo, find, worklist, mpps, commitment, other };
enum class Decision { seal, pass, open, sealed, relay, refuse };
/// Of a rule, as the configuration names them, and `known`: that it lets nothing out to strangers.
enum class Condition {
    operation,
    from,
    to,
    archive,
    called,
    sop_class,
    modality,
    institution,
    user,
    network,
    certificate,
    hours,
    known
};

std::string_view name(Operation);
std::string_view name(Decision);
std::string_view name(Condition);
std::optional<Operation> parse_operation(std::string_view);
std::optional<Decision> parse_decision(std::string_view);

/// Whether such a request is about objects: only these have a modality or an institution.
constexpr bool has_objects(Operation operation) {
    return operation == Operation::store || operation == Operation::retrieve || operation == Operation::push;
}

/// Every condition that is not empty must hold; `any` in from or to is an empty condition.
struct Rule {
    std::string name;  // "rule 3" if the configuration gives none
    std::vector<Operation> operations;
    std::vector<std::string> from;  // peers, groups; of a push archives
    std::vector<std::string> to;    // peers, groups
    std::vector<std::string> archives;
    std::vector<AeTitle> called;
    std::vector<Uid> sop_classes;   // of the object, or of a query or retrieve request
    std::vector<Network> networks;  // the address that the request comes from
    std::vector<std::string> users;
    std::vector<CertificateCondition> certificates;  // one of them holds, if there are any
    Decision decide = Decision::refuse;
    std::vector<std::string> modalities{};    // (0008,0060), exactly
    std::vector<NamePattern> institutions{};  // one matches (0008,0080) or (0008,1040)
    std::vector<Hours> hours{};               // one contains the time of the request
    bool break_glass = false;  // looked at only where the glass is broken: when nothing else opens
};

/// What an object says that it is. What is not set is not known yet, or, once `complete`, not there.
struct Object {
    std::optional<Uid> sop_class;                          // of a store that of the request, if not set
    std::optional<std::string> modality;                   // (0008,0060) without padding
    std::optional<std::vector<std::string>> institutions;  // (0008,0080), (0008,1040): those that are there
    bool complete = false;
};

struct Request {
    Operation operation = Operation::other;
    AeTitle calling;
    IpAddress address;
    AeTitle called;
    std::string archive;
    std::optional<Uid> sop_class;              // of the request
    std::optional<std::string> to;             // name of the peer that receives: of a retrieval or a push
    const Certificate* certificate = nullptr;  // of the caller, verified
    std::optional<std::string> user = {};      // whom the archive has confirmed
    std::string peer = {};                     // by whose name the caller was recognised before
    LocalTime at = {};                         // when it was made
    bool back = false;                         // objects return on the caller's own association: a C-GET
    Object object = {};
    bool break_glass = false;  // only the rules for that are looked at
};

struct Verdict {
    Decision decision;
    std::string rule;  // its name; "default" if none matched
    std::string from;  // the peer that the caller was recognised as; of a push the archive; empty: a stranger
    bool operator==(const Verdict&) const = default;
};

/// What may become of a request. Valid as long as the policy that judged.
struct Judgement {
    std::vector<const Rule*> possible;  // in their order, at least one; the only one decides
    std::string from;                   // as in Verdict
    std::vector<Condition> depends_on;  // what the object has to say before one decides

    bool decided() const { return possible.size() == 1; }
    /// Once it is decided.
    Verdict verdict() const { return {possible.front()->decide, possible.front()->name, from}; }
    bool may(Decision) const;
    /// The names of the rules of all that is possible, with commas.
    std::string rules() const;
};

/// How far a condition, or all of a rule, holds for a request.
enum class Holds { no, depends, yes };

struct Asked;

/// Sees the rules as they are looked at, up to the one that decides.
class Witness {
  public:
    /// A condition that does not hold, or of which it is not known.
    virtual void unmet(const Rule&, Condition, Holds, const Asked&) = 0;
    /// After its conditions.
    virtual void looked_at(const Rule&, Holds) = 0;

  protected:
    ~Witness() = default;
};

class Policy {
  public:
    Policy(std::vector<Peer> peers, std::vector<Group> groups, std::vector<Rule> rules, Decision otherwise);
    /// The first rule whose conditions hold decides; those before it of which it is not known are possible.
    Judgement judge(const Request&, Witness* = nullptr) const;
    /// Of the same request, once its object has said more. Only that is looked at again.
    Judgement judge_again(const Judgement&, const Request&) const;
    /// What is not known of the object counts as absent.
    Verdict decide(const Request&) const;
    /// The peer with this title, at this address and with this certificate (nullptr: none), or nullptr:
    /// titles match exactly, and of address and certificate what the peer has.
    const Peer* recognise(const AeTitle&, const IpAddress&, const Certificate* = nullptr) const;
    const Peer* peer(std::string_view name) const;
    const std::vector<Peer>& peers() const { return peers_; }
    const std::vector<Rule>& rules() const { return rules_; }
    /// The peer that this title calls, as a C-MOVE destination or by a push, or nullptr.
    const Peer* destination(const AeTitle&) const;
    /// Whether a peer or an archive is named, or a group that it is in.
    bool is_one_of(const std::string& party, const std::vector<std::string>& names) const;

  private:
    Asked asked(const Request&) const;

    std::vector<Peer> peers_;
    std::vector<Group> groups_;
    std::vector<Rule> rules_;
    Rule otherwise_;  // without conditions
};

}  // namespace portcullis::policy
