/*
 * Rules of an ignore file.
 */
#include "indexer/source/rules.h"

/* ---- reading ------------------------------------------------------------ */

/* Without the spaces at its end that no backslash protects. */
static pc_str trimmed(pc_str line)
{
    size_t len = 0; /* behind the last byte that stays */
    for (size_t i = 0; i < line.len; i++) {
        bool escaped = line.ptr[i] == '\\';
        if (escaped && ++i == line.len)
            return line;
        if (escaped || line.ptr[i] != ' ')
            len = i + 1;
    }
    return (pc_str){line.ptr, len};
}

/* What a rule compares first, and the pattern of the rest. */
static int make_pattern(pi_rule *r, pc_str p, pc_arena *arena)
{
    size_t plain = pi_glob_plain(p);
    r->by_name = p.len == 0 || !memchr(p.ptr, '/', p.len);
    if (r->by_name && p.len > 0 && p.ptr[0] == '*' &&
        pi_glob_plain((pc_str){p.ptr + 1, p.len - 1}) == p.len - 1) {
        r->ends = true;
        r->plain = (pc_str){p.ptr + 1, p.len - 1};
        return PARASOL_OK;
    }
    r->plain = (pc_str){p.ptr, plain};
    if (plain > 0 && p.ptr[0] == '/') {
        r->plain.ptr++;
        r->plain.len--;
    }
    if (plain == p.len)
        return PARASOL_OK;
    pc_str rest = {p.ptr + plain, p.len - plain};
    return pi_glob_make(&r->glob, rest, arena);
}

static int add_rule(pi_rules *rules, pc_str line, uint64_t number,
                    pc_arena *arena)
{
    pi_rule *r = &rules->list[rules->n++];
    line = trimmed(line);
    *r = (pi_rule){.line = number};
    r->text.ptr = pc_arena_copy(arena, line.ptr, line.len);
    r->text.len = line.len;
    if (!r->text.ptr)
        return PARASOL_NOMEM;
    pc_str p = r->text;
    r->negated = p.len > 0 && p.ptr[0] == '!';
    p.ptr += r->negated;
    p.len -= r->negated;
    r->folders = p.len > 0 && p.ptr[p.len - 1] == '/';
    p.len -= r->folders;
    return make_pattern(r, p, arena);
}

/* The line at *content without its end, which is moved behind it. A zero byte
   ends a line for git, too. */
static pc_str next_line(pc_str *content)
{
    const char *end = memchr(content->ptr, '\n', content->len);
    size_t len = end ? (size_t)(end - content->ptr) : content->len;
    pc_str line = {content->ptr, len};
    size_t over = len + (end != NULL);
    content->ptr += over;
    content->len -= over;
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    const char *zero = memchr(line.ptr, 0, line.len);
    if (zero)
        line.len = (size_t)(zero - line.ptr);
    return line;
}

int pi_rules_read(pi_rules *rules, pc_str content, pc_arena *arena)
{
    size_t lines = 1;
    *rules = (pi_rules){.n = 0};
    if (pc_str_starts(content, PC_STR_LIT("\xEF\xBB\xBF")))
        content = (pc_str){content.ptr + 3, content.len - 3};
    for (size_t i = 0; i < content.len; i++)
        lines += content.ptr[i] == '\n';
    rules->list = pc_arena_zalloc(arena, lines, sizeof *rules->list);
    if (!rules->list)
        return PARASOL_NOMEM;
    for (uint64_t number = 1; content.len > 0; number++) {
        pc_str line = next_line(&content);
        if (line.len > 0 && line.ptr[0] != '#' &&
            add_rule(rules, line, number, arena))
            return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

/* ---- matching ----------------------------------------------------------- */

static bool matches(const pi_rule *r, pc_str path, pc_str name)
{
    pc_str s = r->by_name ? name : path;
    if (r->ends)
        return pc_str_ends(s, r->plain);
    if (!pc_str_starts(s, r->plain))
        return false;
    s = (pc_str){s.ptr + r->plain.len, s.len - r->plain.len};
    if (r->glob.n == 0 && !r->glob.malformed)
        return s.len == 0;
    return pi_glob_matches(&r->glob, s);
}

const pi_rule *pi_rules_last(const pi_rules *rules, pc_str path, bool is_folder)
{
    size_t slash = path.len;
    while (slash > 0 && path.ptr[slash - 1] != '/')
        slash--;
    pc_str name = {path.ptr + slash, path.len - slash};
    for (size_t i = rules->n; i-- > 0;) {
        const pi_rule *r = &rules->list[i];
        if ((is_folder || !r->folders) && matches(r, path, name))
            return r;
    }
    return NULL;
}
