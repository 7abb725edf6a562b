/*
 * Rules of ignore files: a table of what the syntax promises, and a random
 * comparison with a matcher that tries everything and is slow.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "indexer/source/rules.h"
#include "tests/support/scratch.h"

#define MIXES 30000u
#define PATHS 12u

/* ---- a table ------------------------------------------------------------ */

static const struct {
    const char *file; /* content of the ignore file */
    const char *path; /* with a slash at the end: a folder */
    int line;         /* of the rule that decides; 0: none */
} table[] = {
    /* names in any folder */
    {"foo", "foo", 1},
    {"foo", "foo/", 1},
    {"foo", "a/foo", 1},
    {"foo", "foobar", 0},
    {"foo", "FOO", 0},
    {"*.o", "x.o", 1},
    {"*.o", "a/b/.o", 1},
    {"*.o", "x.oo", 0},
    {"a?c", "abc", 1},
    {"a?c", "ac", 0},
    {"a?c",
     "a\xc3\xa9"
     "c",
     0},
    {"a??c",
     "a\xc3\xa9"
     "c",
     1},
    {"*", "a/b", 1},
    {"x*y*z", "x--y--z", 1},
    {"x*y*z", "x--z--y", 0},
    {"a**b", "a..b", 1},
    /* tied to the folder of the file */
    {"/foo", "foo", 1},
    {"/foo", "a/foo", 0},
    {"a/b", "a/b", 1},
    {"a/b", "x/a/b", 0},
    {"a/*", "a/b", 1},
    {"a/*", "a/b/c", 0},
    {"a/*.c", "a/x/y.c", 0},
    {"/*.c", "y.c", 1},
    {"/*.c", "a/y.c", 0},
    {"/a?b", "a/b", 0},
    /* folders only */
    {"foo/", "foo", 0},
    {"foo/", "foo/", 1},
    {"foo/", "a/foo/", 1},
    {"/foo/", "a/foo/", 0},
    {"a/b/", "a/b/", 1},
    {"*/", "x/", 1},
    {"*/", "x", 0},
    /* two stars */
    {"**/foo", "foo", 1},
    {"**/foo", "a/b/foo", 1},
    {"**/foo", "a/foox", 0},
    {"**/a/b", "x/a/b", 1},
    {"a/**", "a/x", 1},
    {"a/**", "a/x/y", 1},
    {"a/**", "a/", 0},
    {"a/**/b", "a/b", 1},
    {"a/**/b", "a/x/y/b", 1},
    {"a/**/b", "a/xb", 0},
    {"a/**/b/**/c", "a/b/c", 1},
    {"a/**/b/**/c", "a/1/b/2/3/c", 1},
    {"a/**/b/**/c", "a/1/2/3/c", 0},
    {"a/x**y", "a/x--y", 1},
    {"a/x**y", "a/x/y", 0},
    {"**", "a/b", 1},
    {"/**", "a/b", 1},
    {"**/", "a/", 1},
    {"**/", "a", 0},
    {"a/***/b", "a/b", 1},
    /* the last one decides */
    {"*.log\n!keep.log", "keep.log", 2},
    {"!keep.log\n*.log", "keep.log", 2},
    {"*.log\n!keep.log", "x.log", 1},
    {"*\n!*/\n!*.c", "a/", 2},
    {"*\n!*/\n!*.c", "a.c", 3},
    {"*\n!*/\n!*.c", "a.h", 1},
    /* comments, escapes, ends of lines */
    {"#foo", "#foo", 0},
    {"\\#foo", "#foo", 1},
    {"foo#", "foo#", 1},
    {"\\!foo", "!foo", 1},
    {"!!foo", "!foo", 1},
    {"\n\nfoo", "foo", 3},
    {"foo\r\nbar\r\n", "foo", 1},
    {"foo\r\nbar\r\n", "bar", 2},
    {"foo  ", "foo", 1},
    {"foo\\ ", "foo ", 1},
    {"foo\\  ", "foo ", 1},
    {"foo\\\\ ", "foo\\", 1},
    {" foo", "foo", 0},
    {" foo", " foo", 1},
    {"foo\t", "foo", 0},
    {"   ", " ", 0},
    {"a b", "a b", 1},
    {"\xEF\xBB\xBF"
     "foo",
     "foo", 1},
    {"foo\\", "foo", 0},
    {"foo\\", "foo\\", 0},
    {"f\\oo", "foo", 1},
    {"\\*", "*", 1},
    {"\\*", "x", 0},
    {"a\\?b/c", "a?b/c", 1},
    {"/", "a", 0},
    {"!", "a", 0},
    {"//", "a/", 0},
    /* sets */
    {"[abc]", "b", 1},
    {"[abc]", "d", 0},
    {"[a-c]x", "bx", 1},
    {"[a-c]x", "-x", 0},
    {"[a-]", "-", 1},
    {"[-a]", "-", 1},
    {"[]a]", "]", 1},
    {"[!]a]", "]", 0},
    {"[!]a]", "x", 1},
    {"[^a-c]", "b", 0},
    {"[^a-c]", "z", 1},
    {"[\\]]", "]", 1},
    {"[a\\-c]", "b", 0},
    {"[a\\-c]", "-", 1},
    {"[[:digit:]]", "5", 1},
    {"[[:digit:]]", "a", 0},
    {"[[:alpha:][:digit:]_]", "_", 1},
    {"[![:space:]]", " ", 0},
    {"[[:nothing:]]", "n", 0},
    {"[[:]", ":", 1},
    {"[a", "a", 0},
    {"[a", "[a", 0},
    {"[", "[", 0},
    {"\\[a", "[a", 1},
    {"a[/]b", "a/b", 0},
    {"a[!x]b", "a/b", 0},
    {"/a[!x]b", "a/b", 0},
    {"[c-a]", "b", 0},
    {"[\xc3-\xc4][\x80-\xff]", "\xc3\xa9", 1},
};

static int line_of(const char *file, size_t n, const char *path)
{
    pc_arena arena;
    pi_rules rules;
    size_t len = strlen(path);
    bool folder = len > 0 && path[len - 1] == '/';
    pc_arena_init(&arena, NULL, 0);
    assert_int_equal(pi_rules_read(&rules, (pc_str){file, n}, &arena),
                     PARASOL_OK);
    const pi_rule *r =
        pi_rules_last(&rules, (pc_str){path, len - folder}, folder);
    int line = r ? (int)r->line : 0;
    pc_arena_release(&arena);
    return line;
}

static void source_rules__keep_to_the_syntax(void **state)
{
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < PC_COUNTOF(table); i++) {
        int line = line_of(table[i].file, strlen(table[i].file), table[i].path);
        if (line != table[i].line)
            print_error("\"%s\" and %s: line %d, not %d\n", table[i].file,
                        table[i].path, line, table[i].line);
        wrong += line != table[i].line;
    }
    assert_int_equal(wrong, 0);
}

static void source_rules__text_is_the_line_without_spaces_behind(void **state)
{
    static const char file[] = "#no\n!a/*.txt/   \n\\ x\\  \r\nz\0z\n";
    pc_arena arena;
    pi_rules rules;
    (void)state;
    pc_arena_init(&arena, NULL, 0);
    assert_int_equal(
        pi_rules_read(&rules, (pc_str){file, sizeof file - 1}, &arena),
        PARASOL_OK);
    assert_int_equal(rules.n, 3);
    assert_string_equal(rules.list[0].text.ptr, "!a/*.txt/");
    assert_true(rules.list[0].negated);
    assert_string_equal(rules.list[1].text.ptr, "\\ x\\ ");
    assert_string_equal(rules.list[2].text.ptr, "z");
    assert_int_equal(rules.list[2].line, 4);
    pc_arena_release(&arena);
}

/* A pattern that would keep a matcher busy which tries one way after the
   other. */
static void source_rules__cost_does_not_explode(void **state)
{
    char file[512] = "/", path[4096] = "";
    (void)state;
    for (int i = 0; i < 40; i++)
        (void)snprintf(file + strlen(file), sizeof file - strlen(file),
                       "**/*a*a");
    for (int i = 0; i < 1000; i++)
        (void)snprintf(path + 4 * i, sizeof path - 4 * (size_t)i, "aaa/");
    (void)snprintf(path + 3995, 16, "ab");
    clock_t start = clock();
    assert_int_equal(line_of(file, strlen(file), path), 0);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 2);
}

/* ---- the slow matcher --------------------------------------------------- */

/* Sets, and what is in them. */
static const struct {
    const char *text, *members;
    bool inverted;
} sets[] = {
    {"[ab]", "ab", false},         {"[!a]", "a", true},
    {"[^]b]", "]b", true},         {"[]-]", "]-", false},
    {"[[:digit:]a]", "1a", false}, {"[a-b.]", "ab.", false},
    {"[\\]1]", "]1", false},       {"[!/]", "/", true},
};

/* The set that p begins with, or NULL's number. */
static size_t set_at(const char *p, size_t n)
{
    size_t i = 0;
    while (i < PC_COUNTOF(sets) &&
           (strlen(sets[i].text) > n ||
            memcmp(sets[i].text, p, strlen(sets[i].text)) != 0))
        i++;
    return i;
}

/* Whether the stars p[at .. end] stand between slashes. */
static bool is_bounded(const char *p, size_t n, size_t at, size_t end)
{
    return end - at > 1 && (at == 0 || p[at - 1] == '/') &&
           (end == n || p[end] == '/' ||
            (end + 1 < n && p[end] == '\\' && p[end + 1] == '/'));
}

static bool slow(const char *p, size_t n, size_t at, const char *t, size_t m,
                 size_t u);

static bool slow_stars(const char *p, size_t n, size_t at, const char *t,
                       size_t m, size_t u)
{
    size_t end = at;
    while (end < n && p[end] == '*')
        end++;
    bool bounded = is_bounded(p, n, at, end);
    if (bounded && end < n && p[end] == '/' && slow(p, n, end + 1, t, m, u))
        return true;
    for (size_t k = u; k <= m; k++) {
        if (slow(p, n, end, t, m, k))
            return true;
        if (k < m && t[k] == '/' && !bounded)
            return false;
    }
    return false;
}

/* Pattern p[at ..] against t[u ..], by trying everything. */
static bool slow(const char *p, size_t n, size_t at, const char *t, size_t m,
                 size_t u)
{
    if (at == n)
        return u == m;
    if (p[at] == '*')
        return slow_stars(p, n, at, t, m, u);
    if (u == m)
        return false;
    char c = p[at];
    if (c == '[') {
        size_t i = set_at(p + at, n - at);
        return t[u] != '/' &&
               (strchr(sets[i].members, t[u]) != NULL) != sets[i].inverted &&
               slow(p, n, at + strlen(sets[i].text), t, m, u + 1);
    }
    if (c == '?')
        return t[u] != '/' && slow(p, n, at + 1, t, m, u + 1);
    size_t len = 1 + (c == '\\');
    if (at + len > n)
        return false;
    return t[u] == p[at + len - 1] && slow(p, n, at + len, t, m, u + 1);
}

/* One line of an ignore file against a path. */
static bool slow_rule(const char *line, size_t n, const char *path, bool folder,
                      bool *negated)
{
    size_t len = strlen(path);
    *negated = n > 0 && line[0] == '!';
    line += *negated;
    n -= *negated;
    if (n > 0 && line[n - 1] == '/') {
        if (!folder)
            return false;
        n--;
    }
    if (!memchr(line, '/', n)) {
        const char *slash = strrchr(path, '/');
        const char *name = slash ? slash + 1 : path;
        return slow(line, n, 0, name, strlen(name), 0);
    }
    if (n > 0 && line[0] == '/') {
        line++;
        n--;
    }
    /* What is plain at the start is cut off, and two stars behind it stand at
       a start then. */
    size_t plain = 0;
    while (plain < n && !strchr("*?[\\", line[plain]))
        plain++;
    if (plain > len || memcmp(line, path, plain) != 0)
        return false;
    return slow(line + plain, n - plain, 0, path + plain, len - plain, 0);
}

static int slow_line(const char *file, const char *path, bool folder)
{
    int best = 0, number = 1;
    for (const char *p = file; *p; number++) {
        const char *end = strchr(p, '\n');
        size_t n = end ? (size_t)(end - p) : strlen(p);
        bool negated;
        if (n > 0 && *p != '#' && slow_rule(p, n, path, folder, &negated))
            best = number;
        p += n + (end != NULL);
    }
    return best;
}

static void mix_file(char out[96], uint64_t *random)
{
    static const char letters[] = "aab/*?!-\\.*/1\n";
    size_t n = 0, parts = 1 + (size_t)scratch_below(random, 12);
    for (size_t i = 0; i < parts; i++) {
        if (scratch_below(random, 8) == 0) {
            const char *set =
                sets[scratch_below(random, PC_COUNTOF(sets))].text;
            memcpy(out + n, set, strlen(set));
            n += strlen(set);
        } else {
            out[n++] = letters[scratch_below(random, sizeof letters - 1)];
        }
    }
    out[n] = 0;
}

static void mix_path(char out[16], uint64_t *random)
{
    static const char names[] = "aab/./1-]b/a\\";
    size_t n = 0, want = 1 + (size_t)scratch_below(random, 8);
    while (n < want) {
        char c = names[scratch_below(random, sizeof names - 1)];
        if (c == '/' && (n == 0 || out[n - 1] == '/' || n + 1 == want))
            c = 'a';
        out[n++] = c;
    }
    out[n] = 0;
}

static void source_rules__are_those_of_the_slow_matcher(void **state)
{
    uint64_t random = scratch_seed();
    unsigned matched = 0;
    (void)state;
    for (unsigned mix = 0; mix < MIXES; mix++) {
        char file[96], path[20];
        mix_file(file, &random);
        for (unsigned k = 0; k < PATHS; k++) {
            mix_path(path, &random);
            bool folder = scratch_below(&random, 2) == 1;
            int line = slow_line(file, path, folder);
            if (folder)
                memcpy(path + strlen(path), "/", 2);
            int got = line_of(file, strlen(file), path);
            if (got != line)
                print_error("\"%s\" and %s: line %d, not %d\n", file, path, got,
                            line);
            assert_int_equal(got, line);
            matched += line > 0;
        }
    }
    print_message("%u of %u matched\n", matched, MIXES * PATHS);
    assert_true(matched > MIXES / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_rules__keep_to_the_syntax),
        cmocka_unit_test(source_rules__text_is_the_line_without_spaces_behind),
        cmocka_unit_test(source_rules__cost_does_not_explode),
        cmocka_unit_test(source_rules__are_those_of_the_slow_matcher),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
