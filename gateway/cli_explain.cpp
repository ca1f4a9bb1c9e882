// What sealing does to which values, for inspect.

#include <iomanip>

#include "gateway/cli_media.hpp"
#include "gateway/media/treatment.hpp"

namespace portcullis::cli {

void explain(const Terminal& terminal, const media::Means* means) {
    const auto treatments = means ? media::treatments(means->mark, means->regions) : media::treatments();
    Json json = Json::array();
    for (const auto& treatment : treatments) {
        if (terminal.json) {
            json.push_back({{"fate", media::name(treatment.fate)}, {"what", treatment.what}});
            add_names(json.back(), "tags", treatment.tags);
            continue;
        }
        terminal.out << std::left << std::setw(10) << media::name(treatment.fate) << treatment.what;
        for (const auto tag : treatment.tags) terminal.out << ' ' << image::tag::name(tag);
        terminal.out << '\n';
    }
    if (terminal.json) return print_line(terminal, {{"treatment", json}});
    terminal.out
        << "          What is sealed or changed is restored on opening; an object without any of it stays "
           "as it is.\n\n";
}

}  // namespace portcullis::cli
