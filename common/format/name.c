/*
 * File names.
 */
#include "common/format/name.h"

#include "common/base/fail.h"
#include "common/format/log_line.h"
#include "common/os/lock.h"

/* Decimal without sign or leading zeros, as it would be printed. */
static bool parse_number(pc_str s, uint64_t *number)
{
    uint64_t v = 0;
    if (s.len == 0 || (s.len > 1 && s.ptr[0] == '0'))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)(unsigned char)s.ptr[i] - '0';
        if (digit > 9 || v > (UINT64_MAX - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *number = v;
    return true;
}

/* prefix NUMBER suffix */
static bool parse_between(pc_str name, pc_str prefix, pc_str suffix,
                          uint64_t *number)
{
    if (name.len < prefix.len + suffix.len || !pc_str_starts(name, prefix) ||
        !pc_str_ends(name, suffix))
        return false;
    name.ptr += prefix.len;
    name.len -= prefix.len + suffix.len;
    return parse_number(name, number);
}

/* Names with a number. */
static const struct {
    enum pc_name kind;
    const char *before;
    const char *after;
} numbered[] = {
    {PC_NAME_SEGMENT, "s", ".seg"},      {PC_NAME_SKIPS, "k", ".seg"},
    {PC_NAME_LIVE, "l", ".seg"},         {PC_NAME_FILES, "f", ".seg"},
    {PC_NAME_MANIFEST, "manifest.", ""},
};

static enum pc_name parse_final(pc_str name, uint64_t *number)
{
    for (size_t i = 0; i < PC_COUNTOF(numbered); i++) {
        if (parse_between(name, pc_str_of(numbered[i].before),
                          pc_str_of(numbered[i].after), number))
            return *number ? numbered[i].kind : PC_NAME_FOREIGN;
    }
    return PC_NAME_FOREIGN;
}

enum pc_name pc_name_parse(pc_str name, uint64_t *number)
{
    uint64_t v = 0;
    enum pc_name kind = PC_NAME_FOREIGN;
    if (pc_str_eq(name, PC_STR_LIT(PC_LOCK_NAME))) {
        kind = PC_NAME_LOCK;
    } else if (pc_str_eq(name, PC_STR_LIT(PC_LOG_NAME))) {
        kind = PC_NAME_LOG;
    } else if (parse_between(name, PC_STR_LIT("t"), PC_STR_LIT(".tmp"), &v)) {
        kind = PC_NAME_TEMPORARY;
    } else if (pc_str_ends(name, PC_STR_LIT(".tmp"))) {
        name.len -= 4;
        if (parse_final(name, &v) != PC_NAME_FOREIGN)
            kind = PC_NAME_TEMPORARY;
    } else {
        kind = parse_final(name, &v);
    }
    if (number)
        *number = kind == PC_NAME_FOREIGN || kind == PC_NAME_TEMPORARY ? 0 : v;
    return kind;
}

const char *pc_name_path(pc_buf *path, const char *dir, enum pc_name kind,
                         uint64_t number, const char *suffix,
                         parasol_error *err)
{
    size_t i = 0;
    while (i + 1 < PC_COUNTOF(numbered) && numbered[i].kind != kind)
        i++;
    pc_buf_clear(path);
    pc_buf_put_fmt(path, "%s/%s%llu%s%s", dir, numbered[i].before,
                   (unsigned long long)number, numbered[i].after, suffix);
    pc_buf_put_u8(path, 0);
    if (path->status) {
        (void)pc_fail_nomem(err);
        return NULL;
    }
    return (const char *)path->ptr;
}
