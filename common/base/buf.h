/*
 * Growable byte buffer with a sticky status: append freely, look at
 * `status` once at the end.
 */
#ifndef PARASOL_COMMON_BASE_BUF_H
#define PARASOL_COMMON_BASE_BUF_H

#include "common/base/mem.h"
#include "common/base/str.h"

typedef struct pc_buf {
    const pc_mem *mem;
    uint8_t *ptr; /* PC_PAD readable bytes follow ptr + len when ptr != NULL */
    size_t len;
    size_t cap;
    int status; /* PARASOL_OK, or PARASOL_NOMEM for ever */
} pc_buf;

void pc_buf_init(pc_buf *b, const pc_mem *mem);
void pc_buf_release(pc_buf *b);

/* Forgets the bytes and the status, keeps the memory. */
void pc_buf_clear(pc_buf *b);

/* Room for `n` more bytes at ptr + len; NULL when out of memory. The caller
   then adds what it wrote to `len`. */
uint8_t *pc_buf_reserve(pc_buf *b, size_t n);

void pc_buf_put(pc_buf *b, const void *bytes, size_t n);
void pc_buf_put_str(pc_buf *b, pc_str s);
void pc_buf_put_z(pc_buf *b, const char *z);
void pc_buf_put_u8(pc_buf *b, uint8_t v);
void pc_buf_put_u32(pc_buf *b, uint32_t v); /* little-endian */
void pc_buf_put_u64(pc_buf *b, uint64_t v); /* little-endian */
void pc_buf_put_fmt(pc_buf *b, const char *fmt, ...) PC_PRINTF(2, 3);

static inline pc_str pc_buf_str(const pc_buf *b)
{
    return (pc_str){(const char *)b->ptr, b->len};
}

#endif
