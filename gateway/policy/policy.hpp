#pragma once
// Who may do what. Pure: no clock, no socket, no file.

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/address.hpp"
#include "gateway/base/certificate.hpp"
#include "gateway/base/names.hpp"

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

std::string_view name(Operation);
std::string_view name(Decision);
std::optional<Operation> parse_operation(std::string_view);
std::optional<Decision> parse_decision(std::string_view);

/// Every condition that is not empty must hold; `any` in from or to is an empty condition.
struct Rule {
    std::string name;  // "rule 3" if the configuration gives none
    std::vector<Operation> operations;
    std::vector<std::string> from;  // peers, groups; of a push archives
    std::vector<std::string> to;    // peers, groups
    std::vector<std::string> archives;
    std::vector<AeTitle> called;
    std::vector<Uid> sop_classes;
    std::vector<Network> networks;  // the address that the request comes from
    std::vector<std::string> users;
    std::vector<CertificateCondition> certificates;  // one of them holds, if there are any
    Decision decide = Decision::refuse;
};

struct Request {
    Operation operation = Operation::other;
    AeTitle calling;
    IpAddress address;
    AeTitle called;
    std::string archive;
    std::optional<Uid> sop_class;
    std::optional<std::string> to;             // name of the peer that receives: of a retrieval or a push
    const Certificate* certificate = nullptr;  // of the caller, verified
    std::optional<std::string> user = {};      // whom the archive has confirmed
    std::string peer = {};                     // by whose name the caller was recognised before
};

struct Verdict {
    Decision decision;
    std::string rule;  // its name; "default" if none matched
    std::string from;  // the peer that the caller was recognised as; of a push the archive; empty: a stranger
};

class Policy {
  public:
    Policy(std::vector<Peer> peers, std::vector<Group> groups, std::vector<Rule> rules, Decision otherwise);
    Verdict decide(const Request&) const;
    /// The peer with this title, at this address and with this certificate (nullptr: none), or nullptr:
    /// titles match exactly, and of address and certificate what the peer has.
    const Peer* recognise(const AeTitle&, const IpAddress&, const Certificate* = nullptr) const;
    const Peer* peer(std::string_view name) const;
    const std::vector<Peer>& peers() const { return peers_; }
    /// The peer that this title calls, as a C-MOVE destination or by a push, or nullptr.
    const Peer* destination(const AeTitle&) const;

  private:
    bool is_one_of(const std::string& party, const std::vector<std::string>& names) const;
    std::vector<Peer> peers_;
    std::vector<Group> groups_;
    std::vector<Rule> rules_;
    Decision otherwise_;
};

}  // namespace portcullis::policy
