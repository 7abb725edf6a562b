/*
 * Saying foreign text.
 */
#include "common/tool/say.h"

#include <stdbool.h>

#define BAD 0xFFFDu

/* Continuation bytes a character with first byte `c` needs; 0: none, or c is
   no first byte. */
static unsigned tail_of(uint8_t c)
{
    if (c >= 0xC2 && c < 0xE0)
        return 1;
    if (c >= 0xE0 && c < 0xF0)
        return 2;
    return c >= 0xF0 && c < 0xF5 ? 3 : 0;
}

size_t pc_say_decode(const char *s, size_t n, uint32_t *cp)
{
    static const uint32_t least[4] = {0, 0x80, 0x800, 0x10000};
    uint8_t c = (uint8_t)s[0];
    unsigned tail = tail_of(c);
    uint32_t v = c;
    if (c < 0x80) {
        *cp = c;
        return 1;
    }
    *cp = BAD;
    if (tail == 0 || tail >= n)
        return 1;
    v &= 0x3Fu >> tail;
    for (unsigned i = 1; i <= tail; i++) {
        uint8_t next = (uint8_t)s[i];
        if ((next & 0xC0) != 0x80)
            return 1;
        v = (v << 6) | (next & 0x3Fu);
    }
    if (v < least[tail] || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000))
        return 1;
    *cp = v;
    return tail + 1;
}

/* Marks that stand on the letter before them, and letters of a Korean
   syllable behind its first: of the scripts whose marks are frequent. */
static bool has_no_width(uint32_t cp)
{
    static const uint32_t ranges[][2] = {
        {0x0300, 0x036F},   {0x0483, 0x0489}, {0x0591, 0x05BD},
        {0x05BF, 0x05BF},   {0x05C1, 0x05C2}, {0x05C4, 0x05C5},
        {0x0610, 0x061A},   {0x064B, 0x065F}, {0x0670, 0x0670},
        {0x06D6, 0x06DC},   {0x06DF, 0x06E4}, {0x0900, 0x0902},
        {0x093C, 0x093C},   {0x0941, 0x0948}, {0x094D, 0x094D},
        {0x0E31, 0x0E31},   {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},
        {0x1160, 0x11FF},   {0x1AB0, 0x1ACE}, {0x1DC0, 0x1DFF},
        {0x200B, 0x200D},   {0x20D0, 0x20F0}, {0x302A, 0x302D},
        {0x3099, 0x309A},   {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
        {0xE0100, 0xE01EF},
    };
    for (size_t i = 0; i < PC_COUNTOF(ranges) && cp >= ranges[i][0]; i++) {
        if (cp <= ranges[i][1])
            return true;
    }
    return false;
}

unsigned pc_say_columns(uint32_t cp)
{
    if (cp < 0x300)
        return 1;
    if (has_no_width(cp))
        return 0;
    bool wide =
        (cp >= 0x1100 && cp <= 0x115F) ||
        (cp >= 0x2E80 && cp <= 0xA4CF && cp != 0x303F) ||
        (cp >= 0xAC00 && cp <= 0xD7A3) || (cp >= 0xF900 && cp <= 0xFAFF) ||
        (cp >= 0xFE30 && cp <= 0xFE6F) || (cp >= 0xFF00 && cp <= 0xFF60) ||
        (cp >= 0xFFE0 && cp <= 0xFFE6) || (cp >= 0x1F300 && cp <= 0x1FAFF) ||
        (cp >= 0x20000 && cp <= 0x3FFFD);
    return wide ? 2 : 1;
}

/* Controls, and marks that reorder or hide what a terminal shows. */
static bool is_unsafe(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == BAD ||
           cp == 0x061C || cp == 0x200E || cp == 0x200F ||
           (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) ||
           cp == 0xFEFF || (cp >= 0xE0000 && cp <= 0xE007F);
}

size_t pc_say_text(FILE *out, const char *s, size_t n)
{
    size_t columns = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t len = pc_say_decode(s + i, n - i, &cp);
        if ((cp >= '\t' && cp <= '\r') || cp == 0x85)
            (void)fputc(' ', out);
        else if (is_unsafe(cp))
            (void)fputs("\xEF\xBF\xBD", out);
        else
            (void)fwrite(s + i, 1, len, out);
        columns += is_unsafe(cp) ? 1 : pc_say_columns(cp);
        i += len;
    }
    return columns;
}

static void json_char(FILE *out, const char *s, size_t len, uint32_t cp)
{
    switch (cp) {
    case '"': (void)fputs("\\\"", out); return;
    case '\\': (void)fputs("\\\\", out); return;
    case '\n': (void)fputs("\\n", out); return;
    case '\r': (void)fputs("\\r", out); return;
    case '\t': (void)fputs("\\t", out); return;
    default: break;
    }
    /* Escaped although JSON does not ask for it: DEL and the C1 controls,
       which a terminal obeys, and the line separators of JavaScript. */
    if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029)
        (void)fprintf(out, "\\u%04x", (unsigned)cp);
    else if (cp == BAD)
        (void)fputs("\xEF\xBF\xBD", out);
    else
        (void)fwrite(s, 1, len, out);
}

void pc_say_json(FILE *out, const char *s, size_t n)
{
    (void)fputc('"', out);
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t len = pc_say_decode(s + i, n - i, &cp);
        json_char(out, s + i, len, cp);
        i += len;
    }
    (void)fputc('"', out);
}

const char *pc_say_size(char out[32], uint64_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    if (bytes < 1024) {
        (void)snprintf(out, 32, "%llu bytes", (unsigned long long)bytes);
        return out;
    }
    double v = (double)bytes / 1024;
    size_t u = 0;
    while (v >= 1023.95 && u + 1 < PC_COUNTOF(units)) {
        v /= 1024;
        u++;
    }
    (void)snprintf(out, 32, "%.1f %s", v, units[u]);
    return out;
}
