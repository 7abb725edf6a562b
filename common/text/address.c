/*
 * Recognition of addresses.
 */
#include "common/text/address.h"

#include <stdio.h>

#include "common/base/base.h"
#include "common/text/ident.h"
#include "common/text/pieces.h"

#define URL_MAX 40u  /* bytes of a key of the web; beyond that, it has */
#define URL_KEPT 28u /* so many of them and a hash of all */

static char small(char c)
{
    return (uint8_t)(c - 'A') < 26 ? (char)(c | 0x20) : c;
}

/* Does the text at `at` begin so, in any case? */
static bool begins(pc_str text, size_t at, const char *with)
{
    size_t n = strlen(with);
    if (at > text.len || text.len - at < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (small(text.ptr[at + i]) != with[i])
            return false;
    return true;
}

/* ---- hosts -------------------------------------------------------------- */

static bool is_label_byte(char c)
{
    return pc_is_alnum(c) || c == '-';
}

static bool is_host_byte(char c)
{
    return is_label_byte(c) || c == '.';
}

/* The bytes of a full stop at `at`, also of one in brackets, with which people
   see to it that nobody follows an address: example[.]com. */
static size_t dot_at(pc_str text, size_t at)
{
    char c = at < text.len ? text.ptr[at] : ' ';
    if (c == '.')
        return 1;
    if ((c != '[' && c != '(') || text.len - at < 3 || text.ptr[at + 1] != '.')
        return 0;
    return text.ptr[at + 2] == (c == '[' ? ']' : ')') ? 3 : 0;
}

/* The end of the name of a host at `at`: two labels at least, the last of
   letters; 0: there is none. *known: is the last one of those that are met most
   in texts? */
static size_t host_end(pc_str text, size_t at, bool *known)
{
    static const char domains[] =
        " com org net gov mil int edu eu info io onion uk de fr ru cn jp ca au "
        "ch nl be at se no fi dk it es pt pl cz ua ir il in br kr us za ";
    size_t end = at, label = at, dots = 0;
    char key[10] = " ";
    while (end < text.len && end - at < 255) {
        if (is_label_byte(text.ptr[end])) {
            end++;
            continue;
        }
        size_t dot = dot_at(text, end);
        bool more = end + dot < text.len && pc_is_alnum(text.ptr[end + dot]);
        if (dot == 0 || end == label || !more)
            break;
        dots++;
        label = end += dot;
    }
    size_t n = end - label;
    if (dots == 0 || n < 2)
        return 0;
    for (size_t i = label; i < end; i++)
        if (!pc_is_letter(text.ptr[i]))
            return 0;
    for (size_t i = 0; i < n && n + 3 <= sizeof key; i++)
        key[1 + i] = small(text.ptr[label + i]);
    if (n + 3 <= sizeof key)
        key[1 + n] = ' ';
    *known = n + 3 <= sizeof key && strstr(domains, key) != NULL;
    return end;
}

/* ---- mail --------------------------------------------------------------- */

bool pc_address_mail(pc_str text, size_t at, size_t *start, size_t *end)
{
    bool known;
    *start = at;
    while (*start > 0 && at - *start < PC_IDENT_MAX &&
           (pc_is_alnum(text.ptr[*start - 1]) ||
            strchr("._%+-", text.ptr[*start - 1])) &&
           text.ptr[*start - 1])
        --*start;
    while (*start < at && !pc_is_alnum(text.ptr[*start]))
        ++*start;
    *end = host_end(text, at + 1, &known);
    return *start<at && * end> 0 && *end - *start < PC_IDENT_MAX - 8;
}

/* ---- web ---------------------------------------------------------------- */

static size_t scheme_end(pc_str text, size_t at)
{
    static const char *const schemes[] = {"http://", "https://", "ftp://",
                                          "hxxp://", "hxxps://"};
    if (at >= text.len ||
        !(small(text.ptr[at]) == 'h' || small(text.ptr[at]) == 'f'))
        return at; /* as most */
    for (size_t i = 0; i < PC_COUNTOF(schemes); i++)
        if (begins(text, at, schemes[i]))
            return at + strlen(schemes[i]);
    return at;
}

/* May the byte stand in the address of a page? */
static bool is_web_byte(char c)
{
    return (uint8_t)c > ' ' && (uint8_t)c < 0x7F && !strchr("<>\"{}|\\^`", c);
}

/* The sentence that an address stands in ends behind it, not in it. */
static size_t without_stop(pc_str text, size_t from, size_t end)
{
    while (end > from) {
        char c = text.ptr[end - 1];
        bool open = memchr(text.ptr + from, '(', end - from) != NULL;
        if (!strchr(".,;:!?'*]", c) && !(c == ')' && !open))
            break;
        end--;
    }
    return end;
}

size_t pc_address_web(pc_str text, size_t at)
{
    bool known = false;
    size_t host = scheme_end(text, at);
    bool said = host > at || begins(text, at, "www.");
    size_t end = host_end(text, host, &known);
    if (end == 0 && host > at) /* http://192.0.2.1/, http://localhost */
        for (end = host; end < text.len && is_host_byte(text.ptr[end]);)
            end++;
    bool path = end > 0 && end < text.len && text.ptr[end] == '/';
    if (end <= host || !(said || (known && path)))
        return 0;
    while (end < text.len && end - at < PC_ADDRESS_MAX &&
           is_web_byte(text.ptr[end]))
        end++;
    return without_stop(text, at, end);
}

/* Small letters, without what is left out as often as not. */
static size_t web_key(pc_str raw, char *out)
{
    const char mark[] = "url:";
    size_t from = scheme_end(raw, 0), n = sizeof mark - 1;
    if (begins(raw, from, "www."))
        from += 4;
    while (raw.len > from && raw.ptr[raw.len - 1] == '/')
        raw.len--;
    if (raw.len == from)
        return 0;
    memcpy(out, mark, n);
    bool is_long = n + raw.len - from > URL_MAX, path = false;
    uint64_t h = 0;
    for (size_t i = from; i < raw.len; i++) {
        size_t dot = path ? 0 : dot_at(raw, i);
        char c = dot ? '.' : small(raw.ptr[i]);
        path |= c == '/';
        i += dot > 1 ? dot - 1 : 0;
        h = (h ^ (uint8_t)c) * 0x100000001B3u;
        if (!is_long || n < URL_KEPT)
            out[n++] = c;
    }
    if (is_long)
        n += (size_t)snprintf(out + n, PC_IDENT_MAX - n, "~%08lx",
                              (unsigned long)(h >> 32));
    return n;
}

/* ---- numbers of hosts --------------------------------------------------- */

static int hex_value(char c)
{
    c = small(c);
    return pc_is_digit(c)           ? c - '0'
           : (uint8_t)(c - 'a') < 6 ? c - 'a' + 10
                                    : -1;
}

/* Reads groups at `at`; their number, *gap the one before which zeros are left
   out (8: none), *end behind the last. */
static unsigned read_groups(pc_str text, size_t at, unsigned v[8],
                            unsigned *gap, size_t *end)
{
    unsigned n = 0;
    *gap = 8;
    *end = at;
    while (n < 8 && at < text.len) {
        unsigned value = 0, digits = 0;
        for (; at < text.len && digits < 5 && hex_value(text.ptr[at]) >= 0;
             at++, digits++)
            value = value << 4 | (unsigned)hex_value(text.ptr[at]);
        if (digits == 0 || digits > 4)
            break;
        v[n++] = value;
        *end = at;
        if (at >= text.len || text.ptr[at] != ':')
            break;
        at++;
        if (at < text.len && text.ptr[at] == ':' && *gap == 8) {
            *gap = n;
            *end = ++at;
        }
    }
    return n;
}

size_t pc_address_ip6(pc_str text, size_t at)
{
    unsigned v[8], gap;
    size_t end;
    unsigned n = read_groups(text, at, v, &gap, &end);
    bool digit = false;
    for (size_t i = at; i < end; i++)
        digit |= pc_is_digit(text.ptr[i]);
    if (!digit || (gap == 8 ? n != 8 : n == 8) ||
        (end < text.len && pc_is_alnum(text.ptr[end])))
        return 0;
    return end;
}

static size_t ip6_key(pc_str raw, char *out)
{
    unsigned v[8], gap;
    size_t end;
    unsigned n = read_groups(raw, 0, v, &gap, &end);
    size_t len = (size_t)snprintf(out, PC_IDENT_MAX, "ip");
    for (unsigned i = 0; i < n || (gap < 8 && i == gap); i++) {
        for (unsigned k = n; i == gap && k < 8; k++)
            len += (size_t)snprintf(out + len, PC_IDENT_MAX - len, ":0");
        if (i < n)
            len += (size_t)snprintf(out + len, PC_IDENT_MAX - len, ":%x", v[i]);
    }
    return len;
}

/* Four numbers up to 255. */
static bool is_ip4(pc_str s)
{
    unsigned parts = 0, value = 0, digits = 0;
    for (size_t i = 0; i <= s.len; i++) {
        if (i == s.len || s.ptr[i] == '.') {
            if (digits == 0 || digits > 3 || value > 255)
                return false;
            parts++;
            value = digits = 0;
        } else if (!pc_is_digit(s.ptr[i])) {
            return false;
        } else {
            value = 10 * value + (unsigned)(s.ptr[i] - '0');
            digits++;
        }
    }
    return parts == 4;
}

/* ---- all ---------------------------------------------------------------- */

static size_t copy_small(pc_str s, const char *type, char *out)
{
    size_t n = strlen(type);
    if (n + s.len >= PC_IDENT_MAX)
        return 0;
    memcpy(out, type, n);
    for (size_t i = 0; i < s.len; i++)
        out[n + i] = small(s.ptr[i]);
    return n + s.len;
}

size_t pc_address_key(pc_str raw, char *out)
{
    size_t start, end;
    const char *at = raw.len ? memchr(raw.ptr, '@', raw.len) : NULL;
    if (raw.len < 3)
        return 0;
    if (pc_address_web(raw, 0) == raw.len)
        return web_key(raw, out);
    if (at && pc_address_mail(raw, (size_t)(at - raw.ptr), &start, &end) &&
        start == 0 && end == raw.len)
        return copy_small(raw, "email:", out);
    if (memchr(raw.ptr, ':', raw.len) && pc_address_ip6(raw, 0) == raw.len)
        return ip6_key(raw, out);
    return 0;
}

/* As MD5 and SHA have them. */
static bool is_hash(pc_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (hex_value(s.ptr[i]) < 0)
            return false;
    return s.len == 32 || s.len == 40 || s.len == 56 || s.len == 64;
}

size_t pc_address_typed(pc_str type, pc_str value, char *out)
{
    bool known;
    size_t n = pc_address_key(value, out);
    if (pc_ident_has_type(out, n, type))
        return n;
    if (pc_str_eq(type, PC_STR_LIT("ip")) && is_ip4(value))
        return copy_small(value, "", out);
    if (pc_str_eq(type, PC_STR_LIT("hash")) && is_hash(value))
        return copy_small(value, "", out);
    if (pc_str_eq(type, PC_STR_LIT("url")) && value.len < PC_ADDRESS_MAX &&
        host_end(value, scheme_end(value, 0), &known))
        return web_key(value, out);
    return 0;
}
