#pragma once
// What a record says, on its way into a message.

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/audit/atna.hpp"
#include "gateway/audit/atna_message.hpp"

namespace portcullis::audit::atna {

/// The values of a record. What a message has no field for goes into its details, so that the repository has
/// all of the record.
class Facts {
  public:
    Facts(const Logged& logged, const Reporter& reporter) : logged_(logged), reporter_(reporter) {}

    const std::string& event() const { return logged_.record.event; }
    /// The value of this name, which the message then has said; empty: there is none.
    std::string take(std::string_view name);
    /// Without saying it.
    std::string look(std::string_view name) const { return logged_.text(name); }
    /// Those of these values that there are, with ": " between them.
    std::string joined(std::string text, std::initializer_list<std::string_view> names);
    /// The number of the record, and what no field has taken.
    std::vector<Detail> rest() const;

    Message message(const Code& event, Action action) const;
    /// The gateway itself.
    Participant gateway() const;
    /// Who asked, as far as it is known: by AE title, or by address.
    std::optional<Participant> caller();
    /// A person whom the archive has confirmed; it is the person, then, who asks.
    std::optional<Participant> user();
    /// The archive, by its name in the configuration.
    std::optional<Participant> archive();
    /// One, or more that were asked for at once; one without identifier if none is known.
    std::vector<Object> studies();
    Object patient();
    /// A node by its address, or its name in the configuration.
    Object node(const std::string& id) const;

  private:
    const Logged& logged_;
    const Reporter& reporter_;
    std::set<std::string, std::less<>> told_;
};

/// What a DIMSE status says of the outcome (PS3.7 C).
void judge(Message&, const std::string& status);

}  // namespace portcullis::audit::atna
