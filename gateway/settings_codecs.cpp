// seal: the codec that seals, and those that may be opened.

#include <algorithm>

#include "gateway/settings_parts.hpp"

namespace portcullis {

namespace settings {

void read_seal(Section& root, Settings& into) {
    const auto value = root.find("seal");
    if (!value) return;
    Section section(*value);
    Choice<std::string> codecs{{}, {"logistic-sbox"}};
    for (const auto& [id, codec] : codec::Catalogue::built_in().all()) codecs.words.emplace_back(id, id);
    section.read("codec", into.codec, codecs);
    section.read_list("allow", most_items, into.codecs_allowed, codecs);
    const auto& allowed = into.codecs_allowed;
    if (value->problems->none() && std::find(allowed.begin(), allowed.end(), into.codec) == allowed.end())
        value->refuse("what codec " + in_quotes(into.codec) + " seals could not be opened",
                      "add it to allow");
    bool only = true;  // of what the contract offers, this version has one choice each
    section.read("on_failure", only, Choice<bool>{{{"refuse", true}}, {"pass-clear"}});
    section.read("mode", only, Choice<bool>{{{"key", true}}, {"key+registry"}});
    section.later({"plugins", "mark", "regions"});
    section.finish();
}

}  // namespace settings

Codecs load_codecs(const Settings& settings) {
    Codecs codecs;
    for (const auto& id : settings.codecs_allowed)
        (void)codecs.allowed.add(*codec::Catalogue::built_in().find(id));  // named twice is allowed once
    codecs.sealing = codecs.allowed.find(settings.codec);
    return codecs;
}

}  // namespace portcullis
