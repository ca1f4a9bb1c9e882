#include "gateway/service/offers.hpp"

#include <algorithm>

#include "gateway/image/transcoder.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/ul/negotiate.hpp"

namespace portcullis::service {

namespace {

bool any_is(const std::vector<std::string>& transfer_syntaxes, bool encapsulated) {
    return std::any_of(transfer_syntaxes.begin(), transfer_syntaxes.end(), [&](const std::string& text) {
        const auto uid = Uid::parse(text);
        const auto syntax = uid ? image::carried_transfer_syntax(*uid) : std::nullopt;
        return syntax && syntax->encapsulated == encapsulated;
    });
}

bool is_compressed(const Uid& transfer_syntax) {
    return image::lossless_compression(transfer_syntax).has_value();
}

bool takes_native(const ul::ProposedContext& context) {
    const auto& offered = context.transfer_syntaxes;
    return std::find(offered.begin(), offered.end(), image::decompressed_syntax().uid) != offered.end();
}

/// Classes of contexts in which what is decompressed can be handed over.
std::vector<Uid> classes_to_receive(const ul::AssociateRq& request) {
    std::vector<Uid> classes;
    for (const auto& role : request.user.roles) {
        const auto suits = [&](const ul::ProposedContext& context) {
            return context.abstract_syntax == role.sop_class && takes_native(context);
        };
        if (role.scp && std::any_of(request.contexts.begin(), request.contexts.end(), suits))
            classes.push_back(role.sop_class);
    }
    return classes;
}

/// Also where it cannot, so that it is for this that an object is refused, and not for the destination.
bool may_become(const Uid& transfer_syntax, const Uid& uncompressed) {
    const auto syntax = image::carried_transfer_syntax(transfer_syntax);
    return (syntax && syntax->encapsulated) || image::can_transcode(transfer_syntax, uncompressed);
}

}  // namespace

bool has_native(const std::vector<std::string>& transfer_syntaxes) {
    return any_is(transfer_syntaxes, false);
}

bool has_encapsulated(const std::vector<std::string>& transfer_syntaxes) {
    return any_is(transfer_syntaxes, true);
}

void offer_compressed(ul::AssociateRq& to_archive, const registry::Registry& registry) {
    for (const auto& sop_class : classes_to_receive(to_archive)) {
        const auto stored = registry.transfer_syntaxes(sop_class, {});
        if (!has_native(stored)) continue;
        for (auto& context : to_archive.contexts)
            if (context.abstract_syntax == sop_class && takes_native(context) && !has_encapsulated(stored))
                std::erase_if(context.transfer_syntaxes, is_compressed);
        for (const auto& syntax : image::lossless_syntaxes()) ul::offer(to_archive, sop_class, syntax);
    }
}

void offer_native(ul::AssociateRq& to_destination) {
    const auto mirrored = to_destination.contexts;
    for (const auto& context : mirrored)
        if (is_compressed(context.transfer_syntaxes.front()))
            ul::offer(to_destination, context.abstract_syntax, image::decompressed_syntax().uid);
}

void offer_uncompressed(ul::AssociateRq& to_destination) {
    auto mirrored = to_destination.contexts;
    std::stable_partition(mirrored.begin(), mirrored.end(), [](const ul::ProposedContext& context) {
        return image::compression(context.transfer_syntaxes.front()).has_value();
    });
    for (const auto& syntax : image::uncompressed_syntaxes())
        for (const auto& context : mirrored)
            if (may_become(context.transfer_syntaxes.front(), syntax))
                ul::offer(to_destination, context.abstract_syntax, syntax);
}

}  // namespace portcullis::service
