#include "gateway/scu/choice.hpp"

#include "gateway/base/first_common.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/ul/negotiate.hpp"

namespace portcullis::scu {

namespace {

/// The compressed ones first.
std::vector<Uid> all() {
    auto list = compressed();
    list.push_back(*Uid::parse("1.2.840.10008.1.2.2"));
    const auto& uncompressed = image::uncompressed_syntaxes();
    list.insert(list.end(), uncompressed.begin(), uncompressed.end());
    return list;
}

}  // namespace

const std::vector<Uid>& compressed() {
    static const auto syntaxes = [] {
        auto list = image::lossless_syntaxes();
        for (const auto* text :
             {"1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.50",
              "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202",
              "1.2.840.10008.1.2.4.203", "1.2.840.10008.1.2.1.99"})
            list.push_back(*Uid::parse(text));
        return list;
    }();
    return syntaxes;
}

std::optional<Uid> choose(const Choice& choice, const ul::AssociateRq& request,
                          const ul::ProposedContext& context) {
    const auto& offered = context.transfer_syntaxes;
    if (ul::find_proposal(request, context.abstract_syntax, choice.preferred) != nullptr)
        return first_common(choice.preferred, offered);
    return choice.otherwise == Choice::Else::uncompressed ? image::plainest_of(offered)
                                                          : image::first_carried(offered);
}

std::vector<ul::ProposedContext> contexts_of(const Choice& choice, const Uid& sop_class, unsigned first_id) {
    const auto rest =
        choice.otherwise == Choice::Else::as_it_is_kept ? all() : image::uncompressed_syntaxes();
    std::vector<ul::ProposedContext> contexts;
    for (const auto& syntax : choice.preferred.empty() ? rest : choice.preferred) {
        const auto id = ContextId::parse(first_id + 2 * static_cast<unsigned>(contexts.size()));
        if (!id) break;
        contexts.push_back({*id, sop_class, {syntax}});
    }
    return contexts;
}

}  // namespace portcullis::scu
