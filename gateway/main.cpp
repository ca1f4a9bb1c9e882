// Nothing but the way from the command line to the gateway.

#include "gateway/cli.hpp"
#include "gateway/service/echo.hpp"
#include "gateway/service/gateway.hpp"

namespace {

int run(const portcullis::Settings& settings) {
    portcullis::service::Gateway gateway(settings);
    gateway.obey_signals();
    gateway.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return portcullis::run_cli(argc, argv, {run, portcullis::service::echo_all});
}
