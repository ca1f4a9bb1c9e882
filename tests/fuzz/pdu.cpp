// What is decoded can be encoded, and is then the same; a request that is decoded can be mirrored.

#include <algorithm>

#include "gateway/ul/decode.hpp"
#include "gateway/ul/encode.hpp"
#include "gateway/ul/negotiate.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace portcullis::fuzz {

namespace {

using namespace portcullis::ul;

bool same_value(const Pdv& a, const Pdv& b) {
    return a.context == b.context && a.command == b.command && a.last == b.last &&
           std::equal(a.data.begin(), a.data.end(), b.data.begin(), b.data.end());
}

struct Same {
    template <class T>
    bool operator()(const T& a, const T& b) const {
        return a == b;
    }
    bool operator()(const PData& a, const PData& b) const {
        return std::equal(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(), same_value);
    }
    template <class T, class U>
    bool operator()(const T&, const U&) const {
        return false;
    }
};

/// Encodes, decodes, and compares.
void check_round_trip(const Pdu& pdu) {
    Bytes encoded;
    encode(pdu, encoded);
    const auto again = decode(encoded);
    require(again.has_value(), "what was encoded is decoded");
    require(std::visit(Same{}, pdu, *again), "a PDU comes back from its bytes");
}

void check_negotiation(const AssociateRq& request) {
    const Identity own{std::string(64, '1'), std::string(16, 'P'), 262'144};
    const auto odd_sizes = [](const Uid&, const Uid& syntax) { return syntax.str().size() % 2 != 0; };
    const auto mirrored = mirror_request(request, request.called, request.calling, own, odd_sizes);
    require(mirrored.contexts.size() <= request.contexts.size(), "nothing is offered that was not proposed");
    if (!mirrored.contexts.empty()) check_round_trip(mirrored);

    const auto last = [](const ProposedContext& context) { return context.transfer_syntaxes.back(); };
    const auto accepted = accept(mirrored, own, last);
    const auto agreed = agreed_contexts(mirrored, accepted);
    require(agreed.has_value() && agreed->size() == mirrored.contexts.size(), "what is accepted is agreed");

    const auto answer = mirror_answer(request, accepted, own);
    require(answer.contexts.size() == request.contexts.size(), "every context is answered");
    require(agreed_contexts(request, answer).has_value(), "the mirrored answer fits the request");
    check_round_trip(answer);
}

void check(ByteView input) {
    const auto pdu = decode(input);
    if (!pdu) return;
    check_round_trip(*pdu);
    if (const auto* request = std::get_if<AssociateRq>(&*pdu)) check_negotiation(*request);
}

}  // namespace

/// The input as it is, and with a length in the header that agrees: the mutator rarely finds it.
void fuzz_one(ByteView input) {
    check(input);
    if (input.size() < pdu_header_size) return;
    Bytes agreeing(input.begin(), input.end());
    store_be32(agreeing.data() + 2, static_cast<std::uint32_t>(input.size() - pdu_header_size));
    check(agreeing);
}

}  // namespace portcullis::fuzz
