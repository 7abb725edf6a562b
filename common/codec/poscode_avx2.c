/*
 * Codes of positions are read by counting and finding bits: the scalar forms
 * with the instructions for that.
 */
#include "common/codec/poscode_read.h"

#if PC_X86_64

const pc_poscode_ops pc_poscode_avx2 = {pc_pos_get, pc_pos_holds};

#endif
