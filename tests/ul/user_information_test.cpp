// The sub-items of the user information (PS3.8 annex D, PS3.7 D.3.3).

#include "tests/ul/support.hpp"

using namespace portcullis;
using namespace portcullis::ul;
using namespace portcullis::ul::test;

namespace {

Result<Pdu> decode_with_user(std::initializer_list<Bytes> sub_items) {
    return decode(
        associate_of(0x01, {application_item(), good_context_item(), user_item(concatenated(sub_items))}));
}

UserInformation user_of(std::initializer_list<Bytes> sub_items) {
    return std::get<AssociateRq>(decode_with_user(sub_items).value()).user;
}

ErrorCode user_error(std::initializer_list<Bytes> sub_items) {
    const auto decoded = decode_with_user(sub_items);
    return decoded ? ErrorCode() : decoded.error();
}

UserInformation everything() {
    UserInformation user;
    user.maximum_length = 16384;
    user.implementation_class_uid = "1.2.3.4";
    user.implementation_version_name = "SCANNER_1";
    user.asynchronous_operations_window = AsynchronousOperationsWindow{0, 5};
    user.roles = {{uid(ct_storage), true, true}, {uid(mr_storage), false, true}};
    user.extended = {{uid(ct_storage), {2, 0, 2, 0}}, {uid(mr_storage), {}}};
    user.common_extended = {{0,
                             uid("1.2.840.10008.5.1.4.1.1.88.40"),
                             uid("1.2.840.10008.4.2"),
                             {uid("1.2.840.10008.5.1.4.1.1.88.22"), uid("1.2")},
                             {}},
                            {1, uid(ct_storage), uid("1.2.840.10008.4.2"), {}, {7, 7}}};
    user.user_identity_rq = UserIdentityRq{2, true, {'u', 's', 'e', 'r'}, {'p', 'w'}};
    user.unknown = {{0x5a, {1, 2}}, {0xff, {}}};
    return user;
}

}  // namespace

TEST_CASE("every sub-item of a request comes back from its bytes") {
    AssociateRq request = sample_request();
    request.user = everything();
    CHECK(std::get<AssociateRq>(decode(encoded(request)).value()).user == everything());
}

TEST_CASE("every sub-item of an answer comes back from its bytes") {
    AssociateAc answer = sample_answer();
    answer.user = everything();
    answer.user.user_identity_rq.reset();
    answer.user.user_identity_ac = UserIdentityAc{{'t', 'i', 'c', 'k', 'e', 't'}};
    CHECK(std::get<AssociateAc>(decode(encoded(answer)).value()) == answer);
}

TEST_CASE("sub-items have the layout of PS3.7 annex D") {
    const UserInformation user = user_of({
        {0x51, 0, 0, 4, 0, 0, 0x40, 0},
        {0x52, 0, 0, 3, '1', '.', '2'},
        {0x53, 0, 0, 4, 0, 1, 0xff, 0xff},
        {0x54, 0, 0, 7, 0, 3, '1', '.', '2', 0, 1},
        {0x55, 0, 0, 2, 'V', '1'},
        {0x56, 0, 0, 7, 0, 3, '1', '.', '2', 9, 8},
        {0x57, 0, 0, 15, 0, 3, '1', '.', '2', 0, 1, '4', 0, 5, 0, 3, '5', '.', '6'},
        {0x58, 0, 0, 9, 2, 1, 0, 1, 'u', 0, 2, 'p', 'w'},
        {0x59, 0, 0, 3, 0, 1, 'r'},
    });
    CHECK(user.maximum_length == 0x4000);
    CHECK(user.implementation_class_uid == "1.2");
    CHECK(user.asynchronous_operations_window == AsynchronousOperationsWindow{1, 0xffff});
    CHECK(user.roles == std::vector<RoleSelection>{{uid("1.2"), false, true}});
    CHECK(user.implementation_version_name == "V1");
    CHECK(user.extended == std::vector<ExtendedNegotiation>{{uid("1.2"), {9, 8}}});
    CHECK(user.common_extended ==
          std::vector<CommonExtendedNegotiation>{{0, uid("1.2"), uid("4"), {uid("5.6")}, {}}});
    CHECK(user.user_identity_rq == UserIdentityRq{2, true, {'u'}, {'p', 'w'}});
    CHECK(user.user_identity_ac == UserIdentityAc{{'r'}});
}

TEST_CASE("any maximum length is read; whether it is of use is for others to judge") {
    for (const std::uint32_t value : {0u, 1u, 6u, 7u, 8u, 0xffffffffu}) {
        Bytes item = {0x51, 0, 0, 4};
        append_be32(item, value);
        CHECK(user_of({item}).maximum_length == value);
    }
}

TEST_CASE("an absent maximum length is told from one of zero") {
    CHECK_FALSE(user_of({}).maximum_length_present);
    CHECK(user_of({{0x51, 0, 0, 4, 0, 0, 0, 0}}).maximum_length_present);
    AssociateRq request = sample_request();
    request.user.maximum_length_present = false;
    request.user.maximum_length = 0;
    CHECK(std::get<AssociateRq>(decode(encoded(request)).value()) == request);
}

TEST_CASE("sub-items of the wrong length are refused") {
    const Bytes wrong[] = {
        {0x51, 0, 0, 3, 0, 0, 0},
        {0x51, 0, 0, 5, 0, 0, 0, 0, 0},
        {0x51, 0, 0, 0},
        {0x53, 0, 0, 2, 0, 1},
        {0x54, 0, 0, 6, 0, 3, '1', '.', '2', 0},        // a role missing
        {0x54, 0, 0, 8, 0, 3, '1', '.', '2', 0, 1, 1},  // one too many
        {0x54, 0, 0, 7, 0, 9, '1', '.', '2', 0, 1},     // UID past the sub-item
        {0x54, 0, 0, 0},
        {0x56, 0, 0, 5, 0, 4, '1', '.', '2'},
        {0x57, 0, 0, 15, 0, 3, '1', '.', '2', 0, 1, '4', 0, 5, 0, 4, '5', '.', '6'},
        {0x57, 0, 0, 15, 0, 3, '1', '.', '2', 0, 1, '4', 0, 6, 0, 3, '5', '.', '6'},
        {0x57, 0, 0, 5, 0, 3, '1', '.', '2'},
        {0x58, 0, 0, 9, 2, 1, 0, 1, 'u', 0, 3, 'p', 'w'},
        {0x58, 0, 0, 9, 2, 1, 0, 1, 'u', 0, 1, 'p', 'w'},
        {0x58, 0, 0, 1, 2},
        {0x59, 0, 0, 3, 0, 2, 'r'},
    };
    for (const auto& item : wrong) {
        CAPTURE(item);
        CHECK(user_error({item}) == errc::invalid_length);
    }
}

TEST_CASE("a sub-item past its parent is refused") {
    CHECK(user_error({{0x51, 0, 0, 5, 0, 0, 0, 0}}) == errc::invalid_length);
    CHECK(user_error({{0x5a, 0, 0xff, 0xff}}) == errc::invalid_length);
    CHECK(user_error({{0x5a, 0, 0}}) == errc::invalid_length);
}

TEST_CASE("UIDs in sub-items that are none are refused") {
    CHECK(user_error({{0x54, 0, 0, 4, 0, 0, 1, 1}}) == errc::invalid_value);
    CHECK(user_error({{0x54, 0, 0, 7, 0, 3, '1', '/', '2', 0, 1}}) == errc::invalid_value);
    CHECK(user_error({{0x56, 0, 0, 2, 0, 0}}) == errc::invalid_value);
    CHECK(user_error({{0x57, 0, 0, 11, 0, 3, '1', '.', '2', 0, 2, 'a', 'b', 0, 0}}) == errc::invalid_value);
    CHECK(user_error({item_of(0x52, Bytes(65, '1'))}) == errc::invalid_value);
    CHECK(user_error({item_of(0x55, Bytes(60'000, 'V'))}) == errc::invalid_value);
}

TEST_CASE("a sub-item that may come once is refused when it comes twice") {
    const Bytes once[] = {
        {0x51, 0, 0, 4, 0, 0, 0, 0},       {0x52, 0, 0, 1, '1'},
        {0x53, 0, 0, 4, 0, 1, 0, 1},       {0x55, 0, 0, 1, 'V'},
        {0x58, 0, 0, 6, 1, 0, 0, 0, 0, 0}, {0x59, 0, 0, 2, 0, 0},
    };
    for (const auto& item : once) {
        CAPTURE(item);
        CHECK_FALSE(user_error({item}));
        CHECK(user_error({item, item}) == errc::too_many_items);
    }
}

TEST_CASE("there is a limit to the number of sub-items") {
    Bytes many;
    for (int i = 0; i < 1024; ++i) append(many, Bytes{0x5a, 0, 0, 0});
    CHECK_FALSE(user_error({many}));
    append(many, Bytes{0x5a, 0, 0, 0});
    CHECK(user_error({many}) == errc::too_many_items);
}

TEST_CASE("user information so long that the gateway could not pass it on is refused") {
    CHECK_FALSE(user_error({item_of(0x5a, Bytes(64'996))}));
    CHECK(user_error({item_of(0x5a, Bytes(64'997))}) == errc::invalid_length);
}
