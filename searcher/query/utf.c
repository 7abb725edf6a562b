/*
 * Characters with a meaning in the query language.
 */
#include "searcher/query/utf.h"

static uint8_t byte_at(pc_str s, size_t pos)
{
    return pos < s.len ? (uint8_t)s.ptr[pos] : 0;
}

size_t ps_utf_space(pc_str s, size_t pos)
{
    if (pos >= s.len)
        return 0;
    uint8_t a = byte_at(s, pos);
    uint8_t b = byte_at(s, pos + 1);
    uint8_t c = byte_at(s, pos + 2);
    if (a <= 0x20 || a == 0x7F)
        return 1;
    /* U+0080 to U+00A0: controls and the no-break space. */
    if (a == 0xC2)
        return b >= 0x80 && b <= 0xA0 ? 2 : 0;
    if (a == 0xE1) /* U+1680 */
        return b == 0x9A && c == 0x80 ? 3 : 0;
    if (a == 0xE2 && b == 0x80) /* U+2000 to U+200B, lines, narrow */
        return (c >= 0x80 && c <= 0x8B) || c == 0xA8 || c == 0xA9 || c == 0xAF
                   ? 3
                   : 0;
    if (a == 0xE2) /* U+205F */
        return b == 0x81 && c == 0x9F ? 3 : 0;
    if (a == 0xE3) /* U+3000 */
        return b == 0x80 && c == 0x80 ? 3 : 0;
    if (a == 0xEF) /* U+FEFF, the byte order mark */
        return b == 0xBB && c == 0xBF ? 3 : 0;
    return 0;
}

/* A Hebrew letter in two bytes: U+05D0 to U+05EA. */
static bool is_hebrew(uint8_t a, uint8_t b)
{
    return a == 0xD7 && b >= 0x90 && b <= 0xAA;
}

/* A " between two Hebrew letters is the mark of an acronym. */
static bool is_gershayim(pc_str s, size_t pos)
{
    return pos >= 2 && is_hebrew(byte_at(s, pos - 2), byte_at(s, pos - 1)) &&
           is_hebrew(byte_at(s, pos + 1), byte_at(s, pos + 2));
}

ps_quote ps_utf_quote(pc_str s, size_t pos)
{
    uint8_t a = byte_at(s, pos);
    uint8_t b = byte_at(s, pos + 1);
    uint8_t c = byte_at(s, pos + 2);
    if (a == '"' && is_gershayim(s, pos))
        return (ps_quote){0, 0};
    if (a == '"')
        return (ps_quote){1, '"'};
    if (a == 0xC2 && (b == 0xAB || b == 0xBB)) /* U+00AB, U+00BB */
        return (ps_quote){2, 'g'};
    if (a == 0xE2 && b == 0x80 && c >= 0x9C && c <= 0x9F) /* U+201C-201F */
        return (ps_quote){3, 'c'};
    return (ps_quote){0, 0};
}

bool ps_quote_closes(ps_quote open, ps_quote close)
{
    return open.family == close.family ||
           (open.family == 'c' && close.family == '"');
}

bool ps_utf_escape(pc_str s, size_t pos)
{
    uint8_t b = byte_at(s, pos + 1);
    return byte_at(s, pos) == '\\' &&
           ((b > 0x20 && b < '0') || (b > '9' && b < 'A') ||
            (b > 'Z' && b < 'a') || (b > 'z' && b < 0x7F));
}

bool ps_utf_quote_escape(pc_str s, size_t pos)
{
    uint8_t b = byte_at(s, pos + 1);
    return byte_at(s, pos) == '\\' && (b == '\\' || b == '"');
}
