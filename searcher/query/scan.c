/*
 * Looking at bytes of the query.
 */
#include "searcher/query/scan.h"

#include "searcher/query/ast.h"

bool ps_scan_at(pc_str text, size_t pos, char c)
{
    return pos < text.len && text.ptr[pos] == c;
}

bool ps_scan_ends_word(pc_str text, size_t pos)
{
    if (pos >= text.len || ps_scan_at(text, pos, '(') ||
        ps_scan_at(text, pos, ')'))
        return true;
    return ps_utf_space(text, pos) || ps_utf_quote(text, pos).len;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/*
 * The number is kept in thousandths, so that it prints and parses to the same
 * float.
 */
ps_boost ps_scan_boost(pc_str text, size_t pos)
{
    ps_boost b = {.value = 1.0F};
    uint32_t milli = 0;
    size_t digits = 0, i = pos + 1;
    int decimals = -1;
    if (!ps_scan_at(text, pos, '^'))
        return b;
    bool constant = ps_scan_at(text, i, '=');
    for (i += constant; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (!is_digit(c))
            break;
        digits++;
        uint32_t v = (uint32_t)(c - '0');
        if (decimals < 0 && milli <= PS_MAX_BOOST * 1000)
            milli = milli * 10 + v * 1000;
        else if (decimals >= 0 && decimals < 3)
            milli += v * (decimals == 0 ? 100u : decimals == 1 ? 10u : 1u);
        if (decimals >= 0 && decimals < 3)
            decimals++;
    }
    if (digits == 0 || !ps_scan_ends_word(text, i))
        return b;
    b.clamped = milli > PS_MAX_BOOST * 1000;
    if (b.clamped)
        milli = PS_MAX_BOOST * 1000;
    b.value = (float)((double)milli / 1000.0);
    b.constant = constant;
    b.len = i - pos;
    return b;
}

size_t ps_scan_number(pc_str text, size_t pos, uint32_t max, uint32_t *value,
                      bool *clamped)
{
    uint64_t v = 0;
    size_t i = pos;
    for (; i < text.len && is_digit(text.ptr[i]); i++)
        if (v <= max)
            v = v * 10 + (uint64_t)(text.ptr[i] - '0');
    *clamped = v > max;
    *value = *clamped ? max : (uint32_t)v;
    return i - pos;
}

ps_quoted ps_scan_quoted(pc_str text, size_t pos, ps_quote open)
{
    size_t start = pos + open.len, i = start;
    ps_quoted q = {.empty = true};
    while (i < text.len) {
        ps_quote close = ps_utf_quote(text, i);
        if (close.len && ps_quote_closes(open, close)) {
            q.closed = true;
            q.end = i + close.len;
            break;
        }
        size_t space = ps_utf_space(text, i);
        q.empty = q.empty && space != 0;
        if (space)
            i += space;
        else
            i += ps_utf_quote_escape(text, i) ? 2 : 1;
    }
    if (i > text.len)
        i = text.len;
    if (!q.closed)
        q.end = i;
    q.raw = (pc_str){text.ptr + start, i - start};
    return q;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

size_t ps_scan_name(pc_str text, size_t pos)
{
    size_t i = pos;
    if (pos >= text.len || !is_letter(text.ptr[pos]))
        return 0;
    while (i < text.len && i - pos <= PS_FIELD_NAME_MAX &&
           (is_letter(text.ptr[i]) || is_digit(text.ptr[i]) ||
            text.ptr[i] == '_' || text.ptr[i] == '-'))
        i++;
    if (i - pos < 2 || i - pos > PS_FIELD_NAME_MAX || !ps_scan_at(text, i, ':'))
        return 0;
    return i + 1 - pos;
}

size_t ps_scan_field(pc_str text, size_t pos)
{
    size_t n = ps_scan_name(text, pos), value = pos + n;
    if (n == 0 || value >= text.len || ps_scan_at(text, value, ')') ||
        ps_utf_space(text, value) || ps_scan_at(text, value, ':') ||
        ps_scan_at(text, value, '^') ||
        (ps_scan_at(text, value, '\\') && !ps_utf_escape(text, value)) ||
        (ps_scan_at(text, value, '/') && ps_scan_at(text, value + 1, '/')))
        return 0;
    return n;
}
