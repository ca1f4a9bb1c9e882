#include "gateway/ul/user_information.hpp"

#include "gateway/ul/error.hpp"

namespace portcullis::ul {

namespace {

enum Type : std::uint8_t {
    maximum_length = 0x51,               // PS3.8 D.1
    implementation_class_uid = 0x52,     // PS3.7 D.3.3.2.1
    asynchronous_window = 0x53,          // PS3.7 D.3.3.3.1
    role_selection = 0x54,               // PS3.7 D.3.3.4.1
    implementation_version_name = 0x55,  // PS3.7 D.3.3.2.3
    extended_negotiation = 0x56,         // PS3.7 D.3.3.5.1
    common_extended_negotiation = 0x57,  // PS3.7 D.3.3.6.1
    user_identity_request = 0x58,        // PS3.7 D.3.3.7.1
    user_identity_response = 0x59,       // PS3.7 D.3.3.7.2
};

Bytes owned(ByteView bytes) {
    return {bytes.begin(), bytes.end()};
}

/// Puts `value` where at most one may be.
template <class T>
ErrorCode set_once(std::optional<T>& place, T value) {
    if (place) return errc::too_many_items;
    place = std::move(value);
    return {};
}

ErrorCode decode_text(ByteView value, std::optional<std::string>& place) {
    auto text = read_text(value);
    if (!text) return errc::invalid_value;
    return set_once(place, std::move(*text));
}

ErrorCode decode_maximum_length(Reader item, std::optional<std::uint32_t>& place) {
    const auto length = item.u32();
    if (const auto error = item.finish()) return error;
    return set_once(place, length);
}

ErrorCode decode_window(Reader item, UserInformation& user) {
    AsynchronousOperationsWindow window{};
    window.invoked = item.u16();
    window.performed = item.u16();
    if (const auto error = item.finish()) return error;
    return set_once(user.asynchronous_operations_window, window);
}

ErrorCode decode_role(Reader item, UserInformation& user) {
    const auto sop_class = read_uid(item.take_counted());
    const bool scu = item.u8() != 0;
    const bool scp = item.u8() != 0;
    if (const auto error = item.finish()) return error;
    if (!sop_class) return errc::invalid_value;
    user.roles.push_back({*sop_class, scu, scp});
    return {};
}

ErrorCode decode_extended(Reader item, UserInformation& user) {
    const auto sop_class = read_uid(item.take_counted());
    const auto information = item.take_rest();
    if (const auto error = item.finish()) return error;
    if (!sop_class) return errc::invalid_value;
    user.extended.push_back({*sop_class, owned(information)});
    return {};
}

/// Table D.3-13: pairs of length and UID.
ErrorCode decode_related(Reader field, std::vector<Uid>& related) {
    while (field.more()) {
        const auto general = read_uid(field.take_counted());
        if (field.overrun()) return errc::invalid_length;
        if (!general) return errc::invalid_value;
        related.push_back(*general);
    }
    return {};
}

ErrorCode decode_common_extended(const Item& item, UserInformation& user) {
    Reader fields(item.value);
    const auto sop_class = read_uid(fields.take_counted());
    const auto service_class = read_uid(fields.take_counted());
    const auto related = fields.take_counted();
    const auto reserved = fields.take_rest();
    if (const auto error = fields.finish()) return error;
    if (!sop_class || !service_class) return errc::invalid_value;
    CommonExtendedNegotiation common{item.reserved, *sop_class, *service_class, {}, owned(reserved)};
    if (const auto error = decode_related(Reader(related), common.related_general_sop_classes)) return error;
    user.common_extended.push_back(std::move(common));
    return {};
}

ErrorCode decode_identity_request(Reader item, UserInformation& user) {
    UserIdentityRq identity{};
    identity.type = item.u8();
    identity.positive_response_requested = item.u8() != 0;
    identity.primary = owned(item.take_counted());
    identity.secondary = owned(item.take_counted());
    if (const auto error = item.finish()) return error;
    return set_once(user.user_identity_rq, std::move(identity));
}

ErrorCode decode_identity_response(Reader item, UserInformation& user) {
    UserIdentityAc identity{owned(item.take_counted())};
    if (const auto error = item.finish()) return error;
    return set_once(user.user_identity_ac, std::move(identity));
}

/// The items that may come once and are no optional in UserInformation.
struct Singles {
    std::optional<std::uint32_t> maximum_length;
    std::optional<std::string> class_uid;
    std::optional<std::string> version_name;
};

ErrorCode decode_item(const Item& item, UserInformation& user, Singles& singles) {
    switch (item.type) {
        case Type::maximum_length:
            return decode_maximum_length(Reader(item.value), singles.maximum_length);
        case Type::implementation_class_uid:
            return decode_text(item.value, singles.class_uid);
        case Type::asynchronous_window:
            return decode_window(Reader(item.value), user);
        case Type::role_selection:
            return decode_role(Reader(item.value), user);
        case Type::implementation_version_name:
            return decode_text(item.value, singles.version_name);
        case Type::extended_negotiation:
            return decode_extended(Reader(item.value), user);
        case Type::common_extended_negotiation:
            return decode_common_extended(item, user);
        case Type::user_identity_request:
            return decode_identity_request(Reader(item.value), user);
        case Type::user_identity_response:
            return decode_identity_response(Reader(item.value), user);
        default:
            user.unknown.push_back({item.type, owned(item.value)});
            return {};
    }
}

void append_role(Bytes& out, const RoleSelection& role) {
    append_item(out, Type::role_selection, [&] {
        append_counted(out, as_bytes(role.sop_class.str()));
        append_u8(out, role.scu ? 1 : 0);
        append_u8(out, role.scp ? 1 : 0);
    });
}

void append_extended(Bytes& out, const ExtendedNegotiation& extended) {
    append_item(out, Type::extended_negotiation, [&] {
        append_counted(out, as_bytes(extended.sop_class.str()));
        append(out, extended.application_information);
    });
}

void append_common_extended(Bytes& out, const CommonExtendedNegotiation& common) {
    Bytes related;
    for (const auto& general : common.related_general_sop_classes)
        append_counted(related, as_bytes(general.str()));
    const auto fields = [&] {
        append_counted(out, as_bytes(common.sop_class.str()));
        append_counted(out, as_bytes(common.service_class.str()));
        append_counted(out, related);
        append(out, common.reserved);
    };
    append_item(out, Type::common_extended_negotiation, fields, common.version);
}

void append_identity_request(Bytes& out, const UserIdentityRq& identity) {
    append_item(out, Type::user_identity_request, [&] {
        append_u8(out, identity.type);
        append_u8(out, identity.positive_response_requested ? 1 : 0);
        append_counted(out, identity.primary);
        append_counted(out, identity.secondary);
    });
}

void append_window(Bytes& out, const AsynchronousOperationsWindow& window) {
    append_item(out, Type::asynchronous_window, [&] {
        append_be16(out, window.invoked);
        append_be16(out, window.performed);
    });
}

/// In ascending order of type: older applications expect it (PS3.8 9.3.2.3, note).
void append_sub_items(Bytes& out, const UserInformation& user) {
    if (user.maximum_length_present)
        append_item(out, Type::maximum_length, [&] { append_be32(out, user.maximum_length); });
    if (!user.implementation_class_uid.empty())
        append_item(out, Type::implementation_class_uid, as_bytes(user.implementation_class_uid));
    if (user.asynchronous_operations_window) append_window(out, *user.asynchronous_operations_window);
    for (const auto& role : user.roles) append_role(out, role);
    if (!user.implementation_version_name.empty())
        append_item(out, Type::implementation_version_name, as_bytes(user.implementation_version_name));
    for (const auto& extended : user.extended) append_extended(out, extended);
    for (const auto& common : user.common_extended) append_common_extended(out, common);
    if (user.user_identity_rq) append_identity_request(out, *user.user_identity_rq);
    if (user.user_identity_ac)
        append_item(out, Type::user_identity_response,
                    [&] { append_counted(out, user.user_identity_ac->server_response); });
    for (const auto& item : user.unknown) append_item(out, item.type, item.value);
}

}  // namespace

Result<UserInformation> decode_user_information(ByteView value) {
    if (value.size() > longest_user_information) return errc::invalid_length;
    UserInformation user;
    Singles singles;
    Reader items(value);
    for (std::size_t count = 0; items.more(); ++count) {
        if (count == most_user_items) return errc::too_many_items;
        const auto item = read_item(items);
        if (!item) return item.error();
        if (const auto error = decode_item(*item, user, singles)) return error;
    }
    user.maximum_length_present = singles.maximum_length.has_value();
    user.maximum_length = singles.maximum_length.value_or(0);
    user.implementation_class_uid = singles.class_uid.value_or("");
    user.implementation_version_name = singles.version_name.value_or("");
    return user;
}

void append_user_information(Bytes& out, const UserInformation& user) {
    append_item(out, user_information_item, [&] { append_sub_items(out, user); });
}

}  // namespace portcullis::ul
