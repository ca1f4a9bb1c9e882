#include "gateway/probe/fetch.hpp"

#include "gateway/dimse/status.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::probe {

namespace {

namespace tag = image::tag;

// The study has some dozen objects of some kilobytes; whatever sends more does not send that.
constexpr std::size_t most_objects = 64;
constexpr std::size_t most_bytes = 1024 * 1024;

class Collector final : public scu::Receiver {
  public:
    explicit Collector(const scu::Choice& choice) : choice_(choice) {}
    const scu::Choice& choice() const override { return choice_; }
    std::unique_ptr<scu::ObjectSink> begin(const Uid& sop_class, const Uid& sop_instance,
                                           const Uid& transfer_syntax) override {
        return std::make_unique<Sink>(*this, scu::Object{sop_class, sop_instance, transfer_syntax, {}});
    }
    std::vector<scu::Object> objects;

  private:
    class Sink final : public scu::ObjectSink {
      public:
        Sink(Collector& collector, scu::Object object) : collector_(collector), object_(std::move(object)) {}
        void write(ByteView bytes) override {
            too_much_ = too_much_ || bytes.size() > most_bytes - object_.data_set.size();
            if (!too_much_) append(object_.data_set, bytes);
        }
        std::uint16_t finish() override {
            if (too_much_ || collector_.objects.size() == most_objects)
                return dimse::status::out_of_resources;
            collector_.objects.push_back(std::move(object_));
            return dimse::status::success;
        }

      private:
        Collector& collector_;
        scu::Object object_;
        bool too_much_ = false;
    };

    const scu::Choice& choice_;
};

}  // namespace

Fetcher::Fetched Fetcher::object(const Uid& sop_instance, const scu::Choice& choice) {
    return fetch({{tag::query_retrieve_level, "IMAGE"},
                  {tag::study_instance_uid, names_.study.str()},
                  {tag::series_instance_uid, names_.series.str()},
                  {tag::sop_instance_uid, sop_instance.str()}},
                 choice);
}

Fetcher::Fetched Fetcher::study(const scu::Choice& choice) {
    return fetch({{tag::query_retrieve_level, "STUDY"}, {tag::study_instance_uid, names_.study.str()}},
                 choice);
}

Fetcher::Fetched Fetcher::fetch(const scu::Keys& keys, const scu::Choice& choice) {
    Collector collector(choice);
    auto said = retriever_.retrieve(keys, collector, {*Uid::parse(secondary_capture)});
    return {std::move(collector.objects), std::move(said)};
}

}  // namespace portcullis::probe
