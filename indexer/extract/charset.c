/*
 * Encodings. The detector guesses from letter statistics and is wrong on
 * short or mostly ASCII text, so that its word only counts where there is
 * enough to judge and a conversion finds next to no fault.
 */
#include "indexer/extract/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <uchardet.h>

#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/text/utf8.h"
#include "indexer/extract/ascii.h"

#define DECLARED_WITHIN 4096u
#define DETECT_BYTES ((size_t)256 << 10)
#define CONTROL_BYTES ((size_t)64 << 10)
#define NAME_MAX_LEN 40u

/* What the bytes 0x80 to 0x9f mean in windows-1252; 0 is undefined. */
static const uint16_t high_1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

typedef struct census {
    size_t high;     /* bytes above 0x7f */
    size_t zero[2];  /* zero bytes at even and at odd offsets */
    size_t control;  /* that text does not hold, in the first bytes */
    size_t examined; /* bytes looked at for `control` */
    bool shifts;     /* escape sequences of ISO 2022 */
} census;

static census count_bytes(pc_str in)
{
    census c = {0};
    for (size_t i = 0; i < in.len; i++) {
        unsigned char b = (unsigned char)in.ptr[i];
        if (b >= 0x80) {
            c.high++;
        } else if (b < 0x20) {
            if (b == 0)
                c.zero[i & 1]++;
            else if (b == 0x1b && i + 1 < in.len &&
                     (in.ptr[i + 1] == '$' || in.ptr[i + 1] == '('))
                c.shifts = true;
            else if (i < CONTROL_BYTES && b != '\b' && b != 0x1b &&
                     (b < '\t' || b > '\r'))
                c.control++;
        }
    }
    c.examined = in.len < CONTROL_BYTES ? in.len : CONTROL_BYTES;
    return c;
}

static uint32_t unit16(const char *p, bool big)
{
    uint32_t a = (uint8_t)p[0];
    uint32_t b = (uint8_t)p[1];
    return big ? a << 8 | b : b << 8 | a;
}

static void from_utf16(pc_buf *out, pc_str in, bool big, size_t *bad)
{
    size_t i = 0;
    while (i + 1 < in.len) {
        uint32_t c = unit16(in.ptr + i, big);
        i += 2;
        if (c >= 0xd800 && c < 0xdc00 && i + 1 < in.len) {
            uint32_t low = unit16(in.ptr + i, big);
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        if (c == 0 || (c >= 0xd800 && c < 0xe000)) {
            (*bad)++;
            c = PC_UTF8_BAD;
        }
        pc_utf8_put(out, c);
    }
    *bad += i < in.len;
}

static void from_utf32(pc_buf *out, pc_str in, bool big, size_t *bad)
{
    size_t i = 0;
    for (; i + 3 < in.len; i += 4) {
        uint32_t a = unit16(in.ptr + i, big);
        uint32_t b = unit16(in.ptr + i + 2, big);
        uint32_t c = big ? a << 16 | b : b << 16 | a;
        if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
            (*bad)++;
            c = PC_UTF8_BAD;
        }
        pc_utf8_put(out, c);
    }
    *bad += i < in.len;
}

static void from_1252(pc_buf *out, pc_str in, size_t *bad)
{
    size_t i = 0;
    while (i < in.len) {
        size_t start = i;
        while (i < in.len && (uint8_t)in.ptr[i] < 0x80)
            i++;
        pc_buf_put(out, in.ptr + start, i - start);
        if (i == in.len)
            break;
        uint32_t c = (uint8_t)in.ptr[i++];
        if (c < 0xa0)
            c = high_1252[c - 0x80];
        if (c == 0) {
            (*bad)++;
            c = PC_UTF8_BAD;
        }
        pc_utf8_put(out, c);
    }
}

/* iconv asks for a pointer to characters it does not change. */
static char *unconst(const char *p)
{
    return (char *)(uintptr_t)p;
}

static void by_iconv(pc_buf *out, pc_str in, iconv_t cd, size_t *bad)
{
    char *from = unconst(in.ptr);
    size_t left = in.len;
    while (left > 0 && out->status == PARASOL_OK) {
        size_t room = left + left / 2 + 64;
        uint8_t *start = pc_buf_reserve(out, room);
        if (!start)
            return;
        char *to = (char *)start;
        size_t free_bytes = room;
        size_t rc = iconv(cd, &from, &left, &to, &free_bytes);
        out->len += room - free_bytes;
        if (rc != (size_t)-1 || errno == E2BIG)
            continue;
        /* A sequence that is wrong or cut off at the end. */
        (*bad)++;
        pc_utf8_put(out, PC_UTF8_BAD);
        from++;
        left--;
        (void)iconv(cd, NULL, NULL, NULL, NULL);
    }
}

/* Names that mean more in practice than they say. */
static const char *practical_name(const char *name)
{
    static const char *const alias[][2] = {
        {"ISO-8859-1", "WINDOWS-1252"},
        {"ISO8859-1", "WINDOWS-1252"},
        {"LATIN1", "WINDOWS-1252"},
        {"US-ASCII", "WINDOWS-1252"},
        {"ASCII", "WINDOWS-1252"},
        {"CP1252", "WINDOWS-1252"},
        {"X-SJIS", "CP932"},
        {"SHIFT_JIS", "CP932"},
        {"SHIFT-JIS", "CP932"},
        {"SJIS", "CP932"},
        {"WINDOWS-31J", "CP932"},
        {"GB2312", "GB18030"},
        {"GBK", "GB18030"},
        {"EUC-KR", "CP949"},
        {"KS_C_5601-1987", "CP949"},
        {"ISO-8859-9", "WINDOWS-1254"},
        {"ISO-8859-11", "CP874"},
        {"TIS-620", "CP874"},
        {"X-MAC-CYRILLIC", "MAC-CYRILLIC"},
    };
    pc_str s = pc_str_of(name);
    for (size_t i = 0; i < PC_COUNTOF(alias); i++) {
        if (pi_is_nocase(s, alias[i][0]))
            return alias[i][1];
    }
    return name;
}

int pi_charset_convert(pc_buf *out, pc_str in, const char *name, size_t *bad,
                       bool *known, parasol_error *err)
{
    name = practical_name(name);
    *bad = 0;
    *known = true;
    if (pi_is_nocase(pc_str_of(name), "WINDOWS-1252")) {
        from_1252(out, in, bad);
    } else {
        iconv_t cd = iconv_open("UTF-8", name);
        if (cd == (iconv_t)-1) {
            *known = false;
            return errno == ENOMEM ? pc_fail_nomem(err) : PARASOL_OK;
        }
        by_iconv(out, in, cd, bad);
        (void)iconv_close(cd);
    }
    return out->status ? pc_fail_nomem(err) : PARASOL_OK;
}

/* Behind the first `word` in s, or empty. */
static pc_str behind(pc_str s, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= s.len; i++) {
        pc_str here = {s.ptr + i, s.len - i};
        if (pi_starts_nocase(here, word))
            return (pc_str){here.ptr + n, here.len - n};
    }
    return (pc_str){"", 0};
}

/* The value behind `=`, quoted or not. */
static pc_str value_of(pc_str s)
{
    s = pi_trim(s);
    if (s.len == 0 || s.ptr[0] != '=')
        return (pc_str){"", 0};
    s = pi_trim((pc_str){s.ptr + 1, s.len - 1});
    if (s.len > 0 && (s.ptr[0] == '"' || s.ptr[0] == '\''))
        s = (pc_str){s.ptr + 1, s.len - 1};
    size_t n = 0;
    while (n < s.len && (pi_is_alpha(s.ptr[n]) || pi_is_digit(s.ptr[n]) ||
                         (s.ptr[n] && strchr("-_.:", s.ptr[n]))))
        n++;
    return (pc_str){s.ptr, n};
}

pc_str pi_charset_declared(pc_str in)
{
    size_t n = in.len < DECLARED_WITHIN ? in.len : DECLARED_WITHIN;
    pc_str s = {in.ptr, n};
    if (pi_starts_nocase(s, "<?xml")) {
        const char *end = memchr(s.ptr, '>', s.len);
        pc_str head = {s.ptr, end ? (size_t)(end - s.ptr) : s.len};
        pc_str value = value_of(behind(head, "encoding"));
        if (value.len > 0)
            return value;
    }
    for (;;) {
        s = behind(s, "<meta");
        if (s.len == 0)
            return (pc_str){"", 0};
        const char *end = memchr(s.ptr, '>', s.len);
        pc_str tag = {s.ptr, end ? (size_t)(end - s.ptr) : s.len};
        pc_str value = value_of(behind(tag, "charset"));
        if (value.len > 0)
            return value;
    }
}

/* Converts as declared or guessed; *ok when that is believable. */
static int try_name(pc_str *text, pc_buf *store, pc_str in, pc_str name,
                    size_t allowed, bool *ok, parasol_error *err)
{
    char z[NAME_MAX_LEN + 1];
    size_t bad;
    bool known;
    *ok = false;
    if (name.len == 0 || name.len > NAME_MAX_LEN ||
        pi_starts_nocase(name, "utf") || pi_starts_nocase(name, "ucs"))
        return PARASOL_OK; /* would have been noticed before */
    memcpy(z, name.ptr, name.len);
    z[name.len] = 0;
    pc_buf_clear(store);
    int rc = pi_charset_convert(store, in, z, &bad, &known, err);
    if (rc || !known)
        return rc;
    *ok = bad <= allowed;
    *text = pc_buf_str(store);
    return PARASOL_OK;
}

/* UTF-8 sequences of more than one byte that are in order. */
static size_t count_wide(pc_str in)
{
    const char *p = in.ptr;
    const char *end = in.ptr + in.len;
    size_t n = 0;
    while (p < end) {
        const char *start = p;
        uint32_t c = pc_utf8_next(&p, end);
        if (c >= 0x80 && (c != PC_UTF8_BAD || p - start == 3))
            n++;
    }
    return n;
}

/* The detector's word on the part from the first byte above ASCII on. */
static void detect(char name[NAME_MAX_LEN + 1], pc_str in)
{
    size_t at = 0;
    name[0] = 0;
    while (at < in.len && (uint8_t)in.ptr[at] < 0x80 && in.ptr[at] != 0x1b)
        at++;
    at = at > 64 ? at - 64 : 0;
    uchardet_t ud = uchardet_new();
    if (!ud)
        return;
    size_t n = in.len - at < DETECT_BYTES ? in.len - at : DETECT_BYTES;
    if (uchardet_handle_data(ud, in.ptr + at, n) == 0) {
        uchardet_data_end(ud);
        (void)snprintf(name, NAME_MAX_LEN + 1, "%s", uchardet_get_charset(ud));
    }
    uchardet_delete(ud);
}

static bool is_multibyte(const char *name)
{
    static const char *const names[] = {"SHIFT_JIS", "EUC-",  "GB18030",
                                        "BIG5",      "UHC",   "ISO-2022-",
                                        "JOHAB",     "HZ-GB", "GB2312"};
    for (size_t i = 0; i < PC_COUNTOF(names); i++) {
        if (pi_starts_nocase(pc_str_of(name), names[i]))
            return true;
    }
    return false;
}

/* Neither UTF-8 nor what is declared: guesses. */
static int guess(pc_str *text, pc_buf *store, pc_str in, const census *c,
                 int *skip, parasol_error *err)
{
    char name[NAME_MAX_LEN + 1];
    size_t bad = 0;
    bool ok = false;
    int rc = PARASOL_OK;
    detect(name, in);
    /* A few letters above ASCII do not tell one single-byte encoding from
       another; the commonest is the best guess then. */
    if (is_multibyte(name) || c->high > in.len / 33)
        rc =
            try_name(text, store, in, pc_str_of(name), in.len / 1000, &ok, err);
    if (rc || ok)
        return rc;
    pc_buf_clear(store);
    from_1252(store, in, &bad);
    if (store->status)
        return pc_fail_nomem(err);
    *text = pc_buf_str(store);
    if (bad > in.len / 100 + 1 || c->high > in.len / 10 * 3 + 8)
        *skip = PARASOL_SKIP_DECODE;
    return PARASOL_OK;
}

/* Text by its byte order mark, or by the zero bytes of UTF-16. */
static bool by_width(pc_str *text, pc_buf *store, pc_str in, const census *c,
                     size_t *bad)
{
    static const char mark32le[] = "\xff\xfe\0\0";
    static const char mark32be[] = "\0\0\xfe\xff";
    /* Without a mark: pairs of bytes, of which at least a few hold a zero. */
    bool wide = in.len % 2 == 0 && c->zero[0] + c->zero[1] >= 4;
    pc_buf_clear(store);
    if (in.len % 4 == 0 && pc_str_starts(in, (pc_str){mark32le, 4}))
        from_utf32(store, (pc_str){in.ptr + 4, in.len - 4}, false, bad);
    else if (pc_str_starts(in, (pc_str){mark32be, 4}))
        from_utf32(store, (pc_str){in.ptr + 4, in.len - 4}, true, bad);
    else if (pc_str_starts(in, (pc_str){mark32le, 2}))
        from_utf16(store, (pc_str){in.ptr + 2, in.len - 2}, false, bad);
    else if (pc_str_starts(in, (pc_str){mark32be + 2, 2}))
        from_utf16(store, (pc_str){in.ptr + 2, in.len - 2}, true, bad);
    else if (wide && c->zero[0] == 0 && c->zero[1] > in.len / 6)
        from_utf16(store, in, false, bad);
    else if (wide && c->zero[1] == 0 && c->zero[0] > in.len / 6)
        from_utf16(store, in, true, bad);
    else
        return false;
    *text = pc_buf_str(store);
    return true;
}

static int repair(pc_str *text, pc_buf *store, pc_str in, size_t *bad,
                  parasol_error *err)
{
    pc_buf_clear(store);
    if (pc_utf8_repair(store, in, bad))
        return pc_fail_nomem(err);
    *text = pc_buf_str(store);
    return PARASOL_OK;
}

int pi_charset_decode(pc_str *text, pc_buf *store, pc_str in, bool markup,
                      int *skip, parasol_error *err)
{
    census c = count_bytes(in);
    size_t bad = 0;
    bool ok = false;
    bool has_mark = pc_str_starts(in, PC_STR_LIT("\xef\xbb\xbf"));
    *skip = PARASOL_SKIP_NONE;
    *text = in;
    if (by_width(text, store, in, &c, &bad)) {
        if (bad > in.len / 100 + 1)
            *skip = PARASOL_SKIP_BINARY;
        return store->status ? pc_fail_nomem(err) : PARASOL_OK;
    }
    if (c.zero[0] + c.zero[1] > 0 || c.control > c.examined / 50 + 3) {
        *skip = PARASOL_SKIP_BINARY;
        return PARASOL_OK;
    }
    if (has_mark)
        in = (pc_str){in.ptr + 3, in.len - 3};
    *text = in;
    if (!c.shifts && (c.high == 0 || pc_utf8_valid(in)))
        return PARASOL_OK;
    pc_str declared = markup ? pi_charset_declared(in) : (pc_str){"", 0};
    int rc = try_name(text, store, in, declared, in.len / 1000, &ok, err);
    if (rc || ok)
        return rc;
    if (c.shifts && pc_utf8_valid(in)) {
        char name[NAME_MAX_LEN + 1];
        detect(name, in);
        if (pi_starts_nocase(pc_str_of(name), "ISO-2022"))
            rc = try_name(text, store, in, pc_str_of(name), 0, &ok, err);
        if (!ok)
            *text = in;
        return rc;
    }
    /* One broken letter in a text that is UTF-8 elsewhere does not make it
       something else. */
    rc = repair(text, store, in, &bad, err);
    if (rc)
        return rc;
    if (has_mark || (bad <= in.len / 100 && bad <= count_wide(in)))
        return PARASOL_OK;
    return guess(text, store, in, &c, skip, err);
}
