/*
 * Growable byte buffer.
 */
#include "common/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/ints.h"

void pc_buf_init(pc_buf *b, const pc_mem *mem)
{
    *b = (pc_buf){.mem = mem};
}

void pc_buf_release(pc_buf *b)
{
    pc_free(b->mem, b->ptr);
    pc_buf_init(b, b->mem);
}

void pc_buf_clear(pc_buf *b)
{
    b->len = 0;
    b->status = PARASOL_OK;
}

static int grow_to(pc_buf *b, size_t need)
{
    size_t want = b->cap < 64 ? 64 : b->cap;
    while (want < need) {
        if (want > SIZE_MAX / 4)
            return PARASOL_NOMEM;
        want += want / 2;
    }
    uint8_t *p = pc_resize(b->mem, b->ptr, want + PC_PAD, 1);
    if (!p)
        return PARASOL_NOMEM;
    memset(p + want, 0, PC_PAD);
    b->ptr = p;
    b->cap = want;
    return PARASOL_OK;
}

uint8_t *pc_buf_reserve(pc_buf *b, size_t n)
{
    size_t need;
    if (b->status)
        return NULL;
    if (!pc_add(b->len, n, &need) ||
        (need > b->cap && grow_to(b, need) != PARASOL_OK)) {
        b->status = PARASOL_NOMEM;
        return NULL;
    }
    if (!b->ptr && grow_to(b, 1) != PARASOL_OK) {
        b->status = PARASOL_NOMEM;
        return NULL;
    }
    return b->ptr + b->len;
}

void pc_buf_put(pc_buf *b, const void *bytes, size_t n)
{
    uint8_t *p = pc_buf_reserve(b, n);
    if (!p || n == 0)
        return;
    memcpy(p, bytes, n);
    b->len += n;
}

void pc_buf_put_str(pc_buf *b, pc_str s)
{
    pc_buf_put(b, s.ptr, s.len);
}

void pc_buf_put_z(pc_buf *b, const char *z)
{
    pc_buf_put(b, z, strlen(z));
}

void pc_buf_put_u8(pc_buf *b, uint8_t v)
{
    pc_buf_put(b, &v, 1);
}

void pc_buf_put_u32(pc_buf *b, uint32_t v)
{
    uint8_t raw[4];
    pc_store32le(raw, v);
    pc_buf_put(b, raw, sizeof raw);
}

void pc_buf_put_u64(pc_buf *b, uint64_t v)
{
    uint8_t raw[8];
    pc_store64le(raw, v);
    pc_buf_put(b, raw, sizeof raw);
}

void pc_buf_put_fmt(pc_buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n > 0) {
        uint8_t *p = pc_buf_reserve(b, (size_t)n + 1);
        if (p) {
            (void)vsnprintf((char *)p, (size_t)n + 1, fmt, again);
            b->len += (size_t)n;
        }
    }
    va_end(again);
}
