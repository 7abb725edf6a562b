/*
 * JSON reader. Strings without escapes are slices of the text.
 */
#include "indexer/source/json.h"

#include "common/base/simd.h"
#include "common/text/utf8.h"

void pi_json_init(pi_json *j, pc_str text, pc_arena *arena)
{
    *j = (pi_json){.start = text.ptr,
                   .p = text.ptr,
                   .end = text.ptr + text.len,
                   .special = pi_json_special_at(pc_simd_level()),
                   .arena = arena};
}

uint64_t pi_json_column(const pi_json *j)
{
    return (uint64_t)(j->p - j->start) + 1;
}

static bool fail(pi_json *j, const char *wrong)
{
    if (!j->wrong)
        j->wrong = wrong;
    return false;
}

static void skip_space(pi_json *j)
{
    while (j->p < j->end &&
           (*j->p == ' ' || *j->p == '\t' || *j->p == '\n' || *j->p == '\r'))
        j->p++;
}

/* The next byte behind space, or 0 at the end. A zero byte is no JSON. */
static char peek(pi_json *j)
{
    skip_space(j);
    return j->p < j->end ? *j->p : 0;
}

/* ---- strings ------------------------------------------------------------ */

/* Four hexadecimal digits at p; false if they are others. */
static bool hex4(pi_json *j, uint32_t *out)
{
    uint32_t v = 0;
    if (j->end - j->p < 4)
        return fail(j, "an escape is cut short");
    for (int i = 0; i < 4; i++) {
        char c = *j->p;
        uint32_t digit = 16;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (uint32_t)((c | 0x20) - 'a') + 10;
        if (digit == 16)
            return fail(j, "\\u wants four hexadecimal digits");
        v = v << 4 | digit;
        j->p++;
    }
    *out = v;
    return true;
}

/* The code point behind \u; half of a pair becomes U+FFFD. */
static bool code_point(pi_json *j, uint32_t *out)
{
    uint32_t low = 0;
    if (!hex4(j, out))
        return false;
    if (*out < 0xD800 || *out > 0xDFFF)
        return true;
    if (*out < 0xDC00 && j->end - j->p >= 6 && j->p[0] == '\\' &&
        j->p[1] == 'u') {
        const char *before = j->p;
        j->p += 2;
        if (!hex4(j, &low))
            return false;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
            return true;
        }
        j->p = before;
    }
    *out = PC_UTF8_BAD;
    j->replaced++;
    return true;
}

/* Writes what the escape at p stands for; p is behind the backslash. */
static bool escape(pi_json *j, char **to)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    uint32_t cp;
    if (j->p == j->end)
        return fail(j, "a string is not closed");
    char c = *j->p;
    if (c == 'u') {
        j->p++;
        if (!code_point(j, &cp))
            return false;
        *to += pc_utf8_encode(cp, *to);
        return true;
    }
    const char *at = c ? strchr(from, c) : NULL;
    if (!at)
        return fail(j, "there is no such escape");
    *(*to)++ = into[at - from];
    j->p++;
    return true;
}

/* The length of the string from p on, not below what it says. */
static size_t room_for(const pi_json *j)
{
    const char *p = j->p;
    for (;;) {
        p = j->special(p, j->end);
        if (p == j->end || *p != '\\')
            return (size_t)(p - j->p);
        p += j->end - p >= 2 ? 2 : 1;
    }
}

/* The rest of a string in which `head` bytes were plain. */
static bool escaped(pi_json *j, const char *head, pc_str *out)
{
    size_t plain = (size_t)(j->p - head);
    char *copy = pc_arena_alloc(j->arena, plain + room_for(j) + PC_UTF8_MAX);
    char *to = copy;
    if (!copy) {
        j->nomem = true;
        return false;
    }
    memcpy(to, head, plain);
    to += plain;
    while (j->p < j->end && *j->p == '\\') {
        j->p++;
        if (!escape(j, &to))
            return false;
        const char *stop = j->special(j->p, j->end);
        memcpy(to, j->p, (size_t)(stop - j->p));
        to += stop - j->p;
        j->p = stop;
    }
    *out = (pc_str){copy, (size_t)(to - copy)};
    return true;
}

/* A string; p is at its quote. */
static bool string(pi_json *j, pc_str *out)
{
    const char *head = ++j->p;
    j->p = j->special(j->p, j->end);
    *out = (pc_str){head, (size_t)(j->p - head)};
    if (j->p < j->end && *j->p == '\\' && !escaped(j, head, out))
        return false;
    if (j->p == j->end)
        return fail(j, "a string is not closed");
    if (*j->p != '"')
        return fail(j, "a control character in a string");
    j->p++;
    return true;
}

/* ---- other values ------------------------------------------------------- */

static bool digits(pi_json *j)
{
    const char *from = j->p;
    while (j->p < j->end && *j->p >= '0' && *j->p <= '9')
        j->p++;
    return j->p > from ? true : fail(j, "a digit is missing");
}

static bool number(pi_json *j)
{
    if (*j->p == '-')
        j->p++;
    if (j->p < j->end && *j->p == '0')
        j->p++;
    else if (!digits(j))
        return false;
    if (j->p < j->end && *j->p == '.') {
        j->p++;
        if (!digits(j))
            return false;
    }
    if (j->p < j->end && (*j->p | 0x20) == 'e') {
        j->p++;
        if (j->p < j->end && (*j->p == '+' || *j->p == '-'))
            j->p++;
        if (!digits(j))
            return false;
    }
    return true;
}

static bool word(pi_json *j, const char *w)
{
    size_t n = strlen(w);
    if ((size_t)(j->end - j->p) < n || memcmp(j->p, w, n) != 0)
        return fail(j, "a value is missing");
    j->p += n;
    return true;
}

/* A value that is no array and no object. */
static bool scalar(pi_json *j, pi_json_value *v)
{
    const char *from = j->p;
    bool good;
    switch (*j->p) {
    case '"': v->kind = PI_JSON_STRING; return string(j, &v->text);
    case 't':
        v->kind = PI_JSON_WORD;
        good = word(j, "true");
        break;
    case 'f':
        v->kind = PI_JSON_WORD;
        good = word(j, "false");
        break;
    case 'n':
        v->kind = PI_JSON_NULL;
        good = word(j, "null");
        break;
    default:
        v->kind = PI_JSON_NUMBER;
        if (*j->p != '-' && (*j->p < '0' || *j->p > '9'))
            return fail(j, "a value is missing");
        good = number(j);
        break;
    }
    v->text = (pc_str){from, (size_t)(j->p - from)};
    return good;
}

static bool key(pi_json *j, pc_str *out)
{
    if (peek(j) != '"')
        return fail(j, "a key is missing");
    if (!string(j, out))
        return false;
    if (peek(j) != ':')
        return fail(j, "a colon is missing");
    j->p++;
    return true;
}

/* ---- arrays and objects ------------------------------------------------- */

/* What stands at p closes the innermost of the open ones; pops them. False
   when a value, or a key and a value, must follow. */
static bool close_all(pi_json *j, const char *open, unsigned *depth)
{
    while (*depth > 0) {
        bool object = open[*depth - 1] == '{';
        char c = peek(j);
        if (c == ',') {
            j->p++;
            return false;
        }
        if (c != (object ? '}' : ']')) {
            (void)fail(j,
                       c == 0 ? "it ends in the middle" : "a comma is missing");
            return false;
        }
        j->p++;
        --*depth;
    }
    return true;
}

/* Passes over an array or object at p; what is told of its scalars goes to
   `out`, which may be NULL. */
static bool nested(pi_json *j, pc_buf *out)
{
    char open[PI_JSON_DEPTH];
    unsigned depth = 0;
    pi_json_value v;
    pc_str k;
    do {
        char c = peek(j);
        if (c == '{' || c == '[') {
            if (depth == PI_JSON_DEPTH)
                return fail(j, "too many arrays and objects in each other");
            open[depth++] = c;
            j->p++;
            /* An empty one ends at once. */
            bool empty = peek(j) == (c == '{' ? '}' : ']');
            if (!empty && c == '{' && !key(j, &k))
                return false;
            if (!empty)
                continue;
        } else if (j->p == j->end) {
            return fail(j, "it ends in the middle");
        } else {
            if (!scalar(j, &v))
                return false;
            if (out && v.kind != PI_JSON_NULL && v.text.len > 0) {
                if (out->len > 0)
                    pc_buf_put_u8(out, '\n');
                pc_buf_put_str(out, v.text);
            }
        }
        if (close_all(j, open, &depth))
            return true;
        if (j->wrong || (open[depth - 1] == '{' && !key(j, &k)))
            return false;
    } while (true);
}

static bool value(pi_json *j, pi_json_value *v)
{
    char c = peek(j);
    const char *from = j->p;
    if (j->p == j->end)
        return fail(j, "it ends in the middle");
    if (c != '{' && c != '[')
        return scalar(j, v);
    v->kind = c == '{' ? PI_JSON_OBJECT : PI_JSON_ARRAY;
    if (!nested(j, NULL))
        return false;
    v->text = (pc_str){from, (size_t)(j->p - from)};
    return true;
}

bool pi_json_open(pi_json *j)
{
    if (peek(j) != '{')
        return fail(j, j->p == j->end ? "it ends in the middle"
                                      : "it is not an object");
    j->p++;
    return true;
}

static bool at_end(pi_json *j)
{
    j->p++;
    skip_space(j);
    return j->p == j->end ? false
                          : fail(j, "something follows behind the object");
}

bool pi_json_member(pi_json *j, pc_str *k, pi_json_value *v)
{
    char c = peek(j);
    if (c == '}')
        return at_end(j);
    if (j->inside) {
        if (c != ',')
            return fail(j, c == 0 ? "it ends in the middle"
                                  : "a comma is missing");
        j->p++;
    }
    j->inside = true;
    return key(j, k) && value(j, v);
}

int pi_json_flatten(pi_json_value v, pc_buf *out, pc_arena *arena)
{
    pi_json j;
    pi_json_init(&j, v.text, arena);
    if (v.kind == PI_JSON_ARRAY || v.kind == PI_JSON_OBJECT)
        (void)nested(&j, out);
    else if (v.kind != PI_JSON_NULL)
        pc_buf_put_str(out, v.text);
    return j.nomem || out->status ? PARASOL_NOMEM : PARASOL_OK;
}
