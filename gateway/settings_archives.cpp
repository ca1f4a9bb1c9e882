// archives: where objects go, and how their own associations are recognised.

#include <algorithm>

#include "gateway/settings_parts.hpp"

namespace portcullis::settings {

namespace {

struct Read {
    Archive archive;
    std::vector<Origins> origins;  // what archive.inbound.addresses says
    Value where;
};

std::optional<CallingAe> read_calling_ae(const Value& value) {
    using Kind = CallingAe::Kind;
    CallingAe made;
    if (value.node->kind != Node::Kind::mapping) {
        const auto kind = Choice<Kind>{{{"mirror", Kind::mirror}, {"own", Kind::own}}}(value);
        if (kind) made.kind = *kind;
        return made;
    }
    Section section(value);
    if (const auto map = section.require("map")) {
        made.kind = Kind::map;
        Section titles(*map);
        for (const Node::Key& key : map->node->keys) {
            const auto from = AeTitle::parse(key.name);
            if (!from)
                map->problems->add(key.at, map->key, in_quotes(key.name) + " is not an AE title",
                                   "use 1 to 16 printable ASCII characters, no backslash");
            const auto value_of = titles.find(key.name);
            const auto to = value_of ? read_title(*value_of) : std::nullopt;
            if (from && to) made.map.emplace(*from, *to);
        }
        titles.finish();
    }
    section.finish();
    return made;
}

/// The addresses of `host`, where nothing else says how the archive is recognised.
std::vector<Origins> origins_of_host(const Value& archive, const std::string& host) {
    if (const auto address = IpAddress::parse(host))
        return {Origins{Network::parse(host).value(), *address, false}};
    if (!host.empty())
        archive.refuse("where this archive calls from is not known, since its host is a name",
                       "add inbound: {addresses: [...]}");
    return {};
}

void read_inbound(const Value& value, Read& into) {
    Section section(value);
    Inbound& inbound = into.archive.inbound;
    const bool certified = section.find("certificate").has_value();
    inbound.certificates = read_certificates(section);
    if (!certified && !section.find("addresses") && value.node->kind == Node::Kind::mapping)
        value.refuse("nothing says how this archive is recognised; an AE title alone is no identity",
                     "add addresses: [...] or certificate: [...]");
    section.read_list("addresses", most_items, into.origins, [&](const Value& one) {
        auto origins = read_origins(one);
        if (origins && origins->too_wide && !certified)
            one.refuse("nearly every address would count as the archive", "write the archive's own");
        return origins;
    });
    section.read_list("calling", most_items, inbound.calling, read_title);
    section.finish();
}

std::vector<AeTitle> read_move_titles(Section& section, const AeTitle& own, TitleOwners& owners) {
    std::vector<AeTitle> titles;
    if (!section.find("move_titles")) return {own};
    section.read_list("move_titles", most_items, titles, [&](const Value& value) {
        auto title = read_title(value);
        if (title) owners.claim(value, *title, "the gateway");
        return title;
    });
    return titles;
}

std::optional<Read> read_archive(const Value& value, const Folder& folder, const AeTitle& own, Names& names,
                                 TitleOwners& owners) {
    Section section(value);
    Read read{
        Archive{.name = "", .ae_title = own, .host = "", .move_titles = {}, .inbound = {}, .calling_ae = {}},
        {},
        value};
    Archive& archive = read.archive;
    archive.returned = default_returned();
    section.read_required("name", archive.name,
                          [&](const Value& one) { return names.claim(one, names.archives); });
    section.read_required("ae_title", archive.ae_title, [&](const Value& one) {
        auto title = read_title(one);
        if (title) owners.claim(one, *title, "archive " + in_quotes(archive.name));
        return title;
    });
    section.read_required("host", archive.host, read_host);
    section.read("port", archive.port, read_port);
    archive.move_titles = read_move_titles(section, own, owners);
    if (const auto inbound = section.find("inbound"))
        read_inbound(*inbound, read);
    else
        read.origins = origins_of_host(value, archive.host);
    for (const Origins& origins : read.origins) archive.inbound.addresses.push_back(origins.network);
    section.read("calling_ae", archive.calling_ae, read_calling_ae);
    section.read("durability", archive.durability,
                 Choice<Durability>{{{"strict", Durability::strict}, {"batch", Durability::batch}}});
    section.read("release", archive.release,
                 Choice<Release>{{{"stream", Release::stream}, {"whole", Release::whole}}});
    section.read("on_refused", archive.on_refused,
                 Choice<OnRefused>{{{"continue", OnRefused::resume}, {"stop", OnRefused::stop}}});
    bool through = true;
    section.read("delivery", through, Choice<bool>{{{"through", true}}, {"spool"}});
    section.read("returned", archive.returned, read_returned);
    section.read("renumbers", archive.renumbers, Choice<bool>{{{"true", true}, {"false", false}}});
    if (const auto tls = section.find("tls")) archive.tls = read_client_tls(*tls, folder, archive.host);
    section.finish();
    return read;
}

template <class T, class Same>
bool share(const std::vector<T>& a, const std::vector<T>& b, const Same& same) {
    return std::any_of(a.begin(), a.end(), [&](const T& one) {
        return std::any_of(b.begin(), b.end(), [&](const T& other) { return same(one, other); });
    });
}

/// Whether one caller may be taken for either: of certificates nobody can say that no device has both.
bool may_be_alike(const Read& a, const Read& b) {
    const auto& titles_a = a.archive.inbound.calling;
    const auto& titles_b = b.archive.inbound.calling;
    const bool places = a.origins.empty() || b.origins.empty() ||
                        share(a.origins, b.origins,
                              [](const Origins& one, const Origins& other) { return one.overlaps(other); });
    return places && (titles_a.empty() || titles_b.empty() || share(titles_a, titles_b, std::equal_to<>{}));
}

/// An archive that delivers is known by the title that it calls and by who it is.
void check_deliveries(const std::vector<Read>& archives) {
    for (std::size_t i = 0; i < archives.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (share(archives[i].archive.move_titles, archives[j].archive.move_titles, std::equal_to<>{}) &&
                may_be_alike(archives[i], archives[j]))
                archives[i].where.refuse("what it delivers cannot be told from what archive " +
                                             in_quotes(archives[j].archive.name) + " does",
                                         "give each archive a move title of its own");
}

}  // namespace

void read_archives(Section& root, const Folder& folder, Settings& into, Names& names) {
    const auto value = root.require("archives");
    if (!value) return;
    TitleOwners owners;
    owners.claim(*value, into.ae_title, "the gateway");
    const auto archives = read_each(*value, most_archives, [&](const Value& one) {
        return read_archive(one, folder, into.ae_title, names, owners);
    });
    if (value->node->kind == Node::Kind::sequence && value->node->items.empty())
        value->refuse("no archive", "write at least one");
    check_deliveries(archives);
    for (const Read& read : archives) into.archives.push_back(read.archive);
}

}  // namespace portcullis::settings
