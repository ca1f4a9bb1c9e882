// Printed, not judged: it depends on the disk.

#include <catch2/catch.hpp>
#include <iostream>
#include <thread>

#include "fixture.hpp"
#include "gateway/audit/scribe.hpp"
#include "gateway/registry/registry.hpp"

using namespace portcullis;
using namespace portcullis::journal;

TEST_CASE("Durable appends per second", "[bench]") {
    for (const int waiters : {1, 16}) {
        const TemporaryFolder folder;
        registry::Registry registry("sqlite://" + (folder / "registry.db").string());
        audit::AuditLog audit(folder / "audit");
        std::size_t commits = 0;
        Options options;
        options.on_commit = [&](const Commit&) { ++commits; };
        constexpr int appends = 4000;
        double seconds = 0;
        {
            Journal journal(folder / "journal", registry, audit, options);
            const auto start = std::chrono::steady_clock::now();
            {
                std::vector<std::jthread> threads;
                for (int t = 0; t < waiters; ++t)
                    threads.emplace_back([&, t] {
                        for (int i = t; i < appends; i += waiters) {
                            const auto instance = *Uid::parse("1.2.826." + std::to_string(i));
                            registry::Row row{"main",
                                              instance,
                                              instance,
                                              "1.2.3",
                                              "1.2.3.4",
                                              "patient",
                                              "1.2.840.10008.1.2.1",
                                              std::string(32, 'a'),
                                              Bytes(1000, 1),
                                              1};
                            append_and_wait(
                                journal,
                                {registry::put(row),
                                 audit::Scribe().entry({"store", {{"sop_instance", instance.str()}}})});
                        }
                    });
            }
            const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
            seconds = taken.count();
        }
        REQUIRE(registry.size() == appends);
        std::cout << "journal: " << waiters << " waiting: " << static_cast<int>(appends / seconds)
                  << " durable appends per second, " << commits << " fdatasyncs for " << appends << "\n";
    }
}
