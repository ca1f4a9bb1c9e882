#include "gateway/ul/associate.hpp"

#include <algorithm>

#include "gateway/ul/error.hpp"
#include "gateway/ul/user_information.hpp"

namespace portcullis::ul {

namespace {

enum Type : std::uint8_t {
    application_context = 0x10,  // 9.3.2.1
    proposed_context = 0x20,     // 9.3.2.2
    negotiated_context = 0x21,   // 9.3.3.2
    abstract_syntax = 0x30,      // 9.3.2.2.1
    transfer_syntax = 0x40,      // 9.3.2.2.2
};

/// 16 bytes of an A-ASSOCIATE-RQ. Some devices fill up with NUL instead of spaces.
std::optional<AeTitle> read_title(ByteView field) {
    std::string_view text = as_text(field);
    while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
    return AeTitle::parse(text);
}

template <class Context>
ErrorCode add_context(std::vector<Context>& contexts, Context context) {
    const auto same_id = [&](const Context& other) { return other.id == context.id; };
    if (std::any_of(contexts.begin(), contexts.end(), same_id)) return errc::invalid_value;
    contexts.push_back(std::move(context));
    return {};
}

ErrorCode add_transfer_syntax(std::vector<Uid>& offered, ByteView value) {
    if (offered.size() == most_transfer_syntaxes) return errc::too_many_items;
    const auto uid = read_uid(value);
    if (!uid) return errc::invalid_value;
    offered.push_back(*uid);
    return {};
}

ErrorCode add_abstract_syntax(std::optional<Uid>& place, ByteView value) {
    if (place) return errc::too_many_items;
    place = read_uid(value);
    if (!place) return errc::invalid_value;
    return {};
}

/// The id and the three bytes after it, of which only the middle one has a meaning, and only in an answer.
struct ContextHead {
    std::optional<ContextId> id;
    std::uint8_t result;
};
ContextHead read_context_head(Reader& fields) {
    ContextHead head{};
    head.id = ContextId::parse(fields.u8());
    fields.u8();
    head.result = fields.u8();
    fields.u8();
    return head;
}

/// Sub-items of other types are skipped (PS3.8 9.3.1).
ErrorCode decode_context(Reader fields, std::vector<ProposedContext>& contexts) {
    const auto head = read_context_head(fields);
    if (fields.overrun()) return errc::invalid_length;
    if (!head.id) return errc::invalid_value;
    std::optional<Uid> abstract;
    std::vector<Uid> offered;
    while (fields.more()) {
        const auto item = read_item(fields);
        if (!item) return item.error();
        ErrorCode error;
        if (item->type == Type::abstract_syntax) error = add_abstract_syntax(abstract, item->value);
        if (item->type == Type::transfer_syntax) error = add_transfer_syntax(offered, item->value);
        if (error) return error;
    }
    if (!abstract || offered.empty()) return errc::missing_item;
    return add_context(contexts, ProposedContext{*head.id, *abstract, std::move(offered)});
}

/// The transfer syntax may be empty or missing: devices leave it out where they reject. Whoever looks up what
/// was agreed judges it.
ErrorCode decode_context(Reader fields, std::vector<NegotiatedContext>& contexts) {
    const auto head = read_context_head(fields);
    if (fields.overrun()) return errc::invalid_length;
    if (!head.id) return errc::invalid_value;
    std::optional<std::string> syntax;
    while (fields.more()) {
        const auto item = read_item(fields);
        if (!item) return item.error();
        if (item->type != Type::transfer_syntax) continue;
        if (syntax) return errc::too_many_items;
        syntax = read_text(item->value);
        if (!syntax) return errc::invalid_value;
    }
    return add_context(contexts, {*head.id, static_cast<ContextResult>(head.result), syntax.value_or("")});
}

/// The items that both PDUs have, into either.
template <class Associate>
struct ItemDecoder {
    static constexpr Type context_type =
        std::is_same_v<Associate, AssociateRq> ? Type::proposed_context : Type::negotiated_context;

    Associate& pdu;
    bool application_context_seen = false;
    bool user_information_seen = false;

    ErrorCode decode_application_context(ByteView value) {
        if (application_context_seen) return errc::too_many_items;
        application_context_seen = true;
        auto name = read_text(value);
        if (!name) return errc::invalid_value;
        pdu.application_context = std::move(*name);
        return {};
    }

    ErrorCode decode_user(ByteView value) {
        if (user_information_seen) return errc::too_many_items;
        user_information_seen = true;
        auto user = decode_user_information(value);
        if (!user) return user.error();
        pdu.user = std::move(*user);
        return {};
    }

    ErrorCode decode_unknown(const Item& item) {
        if (pdu.unknown.size() == most_unknown_items) return errc::too_many_items;
        pdu.unknown.push_back({item.type, Bytes(item.value.begin(), item.value.end())});
        return {};
    }

    ErrorCode decode(const Item& item) {
        switch (item.type) {
            case Type::application_context:
                return decode_application_context(item.value);
            case context_type:
                if (pdu.contexts.size() == most_contexts) return errc::too_many_items;
                return decode_context(Reader(item.value), pdu.contexts);
            case user_information_item:
                return decode_user(item.value);
            default:
                return decode_unknown(item);
        }
    }

    ErrorCode decode_all(Reader items) {
        while (items.more()) {
            const auto item = read_item(items);
            if (!item) return item.error();
            if (const auto error = decode(*item)) return error;
        }
        if (!application_context_seen || !user_information_seen) return errc::missing_item;
        return {};
    }
};

/// The fields before the items (PS3.8 tables 9-11 and 9-17).
struct Fixed {
    std::uint16_t protocol_version;
    ByteView called;
    ByteView calling;
};
Fixed read_fixed(Reader& fields) {
    Fixed fixed{};
    fixed.protocol_version = fields.u16();
    fields.u16();
    fixed.called = fields.take(16);
    fixed.calling = fields.take(16);
    fields.take(32);
    return fixed;
}
void append_fixed(Bytes& out, std::uint16_t protocol_version, std::string called, std::string calling) {
    called.resize(16, ' ');
    calling.resize(16, ' ');
    append_be16(out, protocol_version);
    append_be16(out, 0);
    append(out, as_bytes(called));
    append(out, as_bytes(calling));
    out.insert(out.end(), 32, 0);
}

void append_context(Bytes& out, const ProposedContext& context) {
    append_item(out, Type::proposed_context, [&] {
        append_be32(out, std::uint32_t{context.id.value()} << 24);
        append_item(out, Type::abstract_syntax, as_bytes(context.abstract_syntax.str()));
        for (const auto& syntax : context.transfer_syntaxes)
            append_item(out, Type::transfer_syntax, as_bytes(syntax.str()));
    });
}

void append_context(Bytes& out, const NegotiatedContext& context) {
    append_item(out, Type::negotiated_context, [&] {
        append_be16(out, static_cast<std::uint16_t>(context.id.value() << 8));
        append_be16(out, static_cast<std::uint16_t>(static_cast<unsigned>(context.result) << 8));
        append_item(out, Type::transfer_syntax, as_bytes(context.transfer_syntax));
    });
}

template <class Associate>
void append_items(Bytes& out, const Associate& pdu) {
    append_item(out, Type::application_context, as_bytes(pdu.application_context));
    for (const auto& context : pdu.contexts) append_context(out, context);
    append_user_information(out, pdu.user);
    for (const auto& item : pdu.unknown) append_item(out, item.type, item.value);
}

}  // namespace

Result<AssociateRq> decode_associate_rq(ByteView body) {
    Reader fields(body);
    const Fixed fixed = read_fixed(fields);
    if (fields.overrun()) return errc::invalid_length;
    const auto called = read_title(fixed.called);
    const auto calling = read_title(fixed.calling);
    if (!called || !calling) return errc::invalid_value;
    AssociateRq request{fixed.protocol_version, *called, *calling, {}, {}, {}, {}};
    if (const auto error = ItemDecoder<AssociateRq>{request}.decode_all(fields)) return error;
    if (request.contexts.empty()) return errc::missing_item;
    return request;
}

Result<AssociateAc> decode_associate_ac(ByteView body) {
    Reader fields(body);
    const Fixed fixed = read_fixed(fields);
    if (fields.overrun()) return errc::invalid_length;
    AssociateAc answer;
    answer.protocol_version = fixed.protocol_version;
    answer.called = as_text(fixed.called);
    answer.calling = as_text(fixed.calling);
    if (const auto error = ItemDecoder<AssociateAc>{answer}.decode_all(fields)) return error;
    return answer;
}

void append_associate(Bytes& out, const AssociateRq& request) {
    append_fixed(out, request.protocol_version, request.called.str(), request.calling.str());
    append_items(out, request);
}

void append_associate(Bytes& out, const AssociateAc& answer) {
    append_fixed(out, answer.protocol_version, answer.called, answer.calling);
    append_items(out, answer);
}

}  // namespace portcullis::ul
