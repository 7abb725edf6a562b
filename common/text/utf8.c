/*
 * UTF-8. The one decoder that knows what is well-formed is decode(); all
 * else is built on it.
 */
#include "common/text/utf8.h"

#include "common/base/ints.h"
#include "common/base/swar.h"

typedef struct decoded {
    uint32_t cp;
    unsigned len; /* bytes taken, 1 to 4 */
    bool bad;
} decoded;

/* How many bytes a lead byte asks for, and the range of the second one (the
   table of well-formed sequences of the Unicode Standard, chapter 3). */
typedef struct lead {
    unsigned len; /* 0: no lead byte */
    uint8_t low;
    uint8_t high;
} lead;

static lead lead_of(uint8_t c)
{
    if (c >= 0xC2 && c <= 0xDF)
        return (lead){2, 0x80, 0xBF};
    if (c >= 0xE0 && c <= 0xEF)
        return (lead){3, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF};
    if (c >= 0xF0 && c <= 0xF4)
        return (lead){4, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF};
    return (lead){0, 0, 0};
}

static decoded decode(const char *p, const char *end)
{
    uint8_t c = (uint8_t)*p;
    if (c < 0x80)
        return (decoded){c, 1, false};
    lead l = lead_of(c);
    if (l.len == 0)
        return (decoded){PC_UTF8_BAD, 1, true};
    uint32_t cp = c & (0x7Fu >> l.len);
    for (unsigned i = 1; i < l.len; i++) {
        if (end - p <= (ptrdiff_t)i)
            return (decoded){PC_UTF8_BAD, i, true};
        uint8_t b = (uint8_t)p[i];
        if (b < l.low || b > l.high)
            return (decoded){PC_UTF8_BAD, i, true};
        l.low = 0x80;
        l.high = 0xBF;
        cp = (cp << 6) | (b & 0x3Fu);
    }
    return (decoded){cp, l.len, false};
}

uint32_t pc_utf8_next_wide(const char **p, const char *end)
{
    const uint8_t *s = (const uint8_t *)*p;
    /* The well-formed sequences of two and of three bytes: nearly all text
       above ASCII. */
    if (s[0] >= 0xC2 && s[0] <= 0xDF && end - *p >= 2 &&
        (s[1] & 0xC0) == 0x80) {
        *p += 2;
        return ((s[0] & 0x1Fu) << 6) | (s[1] & 0x3Fu);
    }
    if ((s[0] & 0xF0) == 0xE0 && end - *p >= 3 && (s[1] & 0xC0) == 0x80 &&
        (s[2] & 0xC0) == 0x80) {
        uint32_t cp =
            ((s[0] & 0x0Fu) << 12) | ((s[1] & 0x3Fu) << 6) | (s[2] & 0x3Fu);
        if (cp >= 0x800 && (cp < 0xD800 || cp > 0xDFFF)) {
            *p += 3;
            return cp;
        }
    }
    decoded d = decode(*p, end);
    *p += d.len;
    return d.cp;
}

size_t pc_utf8_encode(uint32_t cp, char out[PC_UTF8_MAX])
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = PC_UTF8_BAD;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (cp & 0x3F));
        cp >>= 6;
    }
    out[0] = (char)((0xF00u >> len) | cp);
    return len;
}

void pc_utf8_put(pc_buf *out, uint32_t cp)
{
    uint8_t *p = pc_buf_reserve(out, PC_UTF8_MAX);
    if (p)
        out->len += pc_utf8_encode(cp, (char *)p);
}

/* The end of the ASCII bytes other than NUL that begin at `p`. */
static const char *skip_ascii(const char *p, const char *end)
{
    while (end - p >= 8) {
        uint64_t v = pc_load64le((const uint8_t *)p);
        /* A byte above 0x7F has its top bit; a NUL borrows into it. A borrow
           can only start at a NUL, so a clear result is never wrong. */
        if ((v | (v - PC_EACH_BYTE(1))) & PC_EACH_BYTE(0x80))
            break;
        p += 8;
    }
    while (p < end && (uint8_t)(*p - 1) < 0x7F)
        p++;
    return p;
}

bool pc_utf8_valid(pc_str s)
{
    if (s.len == 0)
        return true;
    const char *p = s.ptr;
    const char *end = s.ptr + s.len;
    while ((p = skip_ascii(p, end)) < end) {
        decoded d = decode(p, end);
        if (d.bad)
            return false;
        p += d.len;
    }
    return true;
}

pc_str pc_utf8_cut(pc_str s, size_t max)
{
    if (s.len <= max)
        return s;
    /* A lead byte is at most three bytes back; in text that is not UTF-8
       there may be none, and then any place is as good. */
    size_t n = max;
    while (n > 0 && max - n < 3 && ((uint8_t)s.ptr[n] & 0xC0) == 0x80)
        n--;
    if (((uint8_t)s.ptr[n] & 0xC0) == 0x80)
        n = max;
    return (pc_str){s.ptr, n};
}

int pc_utf8_repair(pc_buf *out, pc_str in, size_t *bad)
{
    if (bad)
        *bad = 0;
    if (in.len == 0)
        return out->status;
    size_t count = 0;
    const char *p = in.ptr;
    const char *end = in.ptr + in.len;
    const char *good = p; /* start of what is not yet copied */
    (void)pc_buf_reserve(out, in.len);
    while ((p = skip_ascii(p, end)) < end) {
        decoded d = decode(p, end);
        if (d.bad || d.cp == 0) {
            pc_buf_put(out, good, (size_t)(p - good));
            pc_utf8_put(out, PC_UTF8_BAD);
            good = p + d.len;
            count++;
        }
        p += d.len;
    }
    pc_buf_put(out, good, (size_t)(end - good));
    if (bad)
        *bad = count;
    return out->status;
}
