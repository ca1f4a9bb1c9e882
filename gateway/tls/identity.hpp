#pragma once
#include "gateway/base/certificate.hpp"

struct x509_st;

namespace portcullis::tls {

/// Who it says that its owner is. Names that are no host names, wildcards among them, are left out: they name
/// no one.
Certificate identity_of(x509_st&);

}  // namespace portcullis::tls
