#pragma once
// In place of the compiler's header: AVX-512's intrinsics in plain C (SIMDe), so that code which is written
// with them runs, and is checked, on a processor that has none.
#define SIMDE_NO_NATIVE
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512/blend.h>
#include <simde/x86/avx512/mul.h>
#include <simde/x86/avx512/rol.h>
#include <simde/x86/avx512/slli.h>
#include <simde/x86/avx512/srli.h>
#include <simde/x86/avx512/xor.h>
