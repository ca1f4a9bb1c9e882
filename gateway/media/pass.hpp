#pragma once
// How a file goes through one of image's stages: its head as it is, then the data set.

#include <algorithm>
#include <type_traits>

#include "gateway/image/error.hpp"
#include "gateway/media/part10.hpp"
#include "gateway/media/refused.hpp"
#include "gateway/media/source.hpp"

namespace portcullis::media {

[[noreturn]] void refuse(const ErrorCode&, const std::string& detail);

/// Throws Refused with what the stage says of its failure.
template <class T, class Stage>
T require(Result<T> done, const Stage& stage) {
    if (!done) refuse(done.error(), stage.failure_detail());
    if constexpr (!std::is_void_v<T>) return std::move(*done);
}

/// Until `enough` says so, or to the end of the file. Small pieces where it may say so early.
template <class Stage, class Enough>
void push_until(Stage& stage, Source& source, const FileHead& head, ByteSink& out, const Enough& enough,
                std::size_t piece = Source::block_size) {
    source.rewind();
    auto rest = source.next();
    out.write(rest.first(head.length));
    rest = rest.subspan(head.length);
    while (!enough()) {
        if (rest.empty()) rest = source.next();
        if (rest.empty()) return;
        const auto taken = rest.first(std::min(piece, rest.size()));
        require(stage.push(taken, out), stage);
        rest = rest.subspan(taken.size());
    }
}

template <class Stage>
void push_all(Stage& stage, Source& source, const FileHead& head, ByteSink& out) {
    push_until(stage, source, head, out, [] { return false; });
}

/// To the end of the file, and finished.
template <class Stage>
auto pass_through(Stage& stage, Source& source, const FileHead& head, ByteSink& out) {
    push_all(stage, source, head, out);
    return require(stage.finish(out), stage);
}

void copy(Source&, ByteSink& out);

}  // namespace portcullis::media
