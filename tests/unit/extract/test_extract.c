/*
 * Whole files in, title, date, language and text out, for each format.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/extract/extract.h"

typedef struct file_case {
    const char *name;
    const char *bytes;
    const char *title; /* NULL: not compared */
    const char *date;
    const char *lang;
    const char *text;
    const char *meta; /* "name=value;..." or NULL */
} file_case;

static void check_meta(const pi_extract *x, const char *want)
{
    char got[2048] = "";
    size_t n = 0;
    for (size_t i = 0; i < x->meta_count; i++) {
        int did = snprintf(got + n, sizeof got - n, "%s=%s;",
                           x->meta[i].name.ptr, x->meta[i].value.ptr);
        assert_true(did > 0 && (size_t)did < sizeof got - n);
        n += (size_t)did;
    }
    assert_string_equal(got, want);
}

static void check(const file_case *cases, size_t n)
{
    parasol_error err = {0};
    pc_arena arena;
    pc_arena_init(&arena, NULL, 0);
    for (size_t i = 0; i < n; i++) {
        const file_case *c = &cases[i];
        pi_extract x;
        pc_arena_clear(&arena);
        assert_int_equal(pi_extract_bytes(&x, pc_str_of(c->name),
                                          pc_str_of(c->bytes), &arena, &err),
                         PARASOL_OK);
        if (x.skip || strcmp(x.text.ptr, c->text) != 0)
            print_error("case %zu, %s:\n%s\n", i, c->name, c->bytes);
        assert_int_equal(x.skip, PARASOL_SKIP_NONE);
        assert_string_equal(x.text.ptr, c->text);
        assert_int_equal(x.text.len, strlen(c->text));
        if (c->title)
            assert_string_equal(x.title.ptr, c->title);
        if (c->date)
            assert_string_equal(x.date.ptr, c->date);
        if (c->lang)
            assert_string_equal(x.lang.ptr, c->lang);
        if (c->meta)
            check_meta(&x, c->meta);
    }
    pc_arena_release(&arena);
}

static void extract_plain__reads_text_and_fields(void **state)
{
    static const file_case cases[] = {
        {"a.txt", "One line\n", "One line", "", "", "One line\n", ""},
        {"a.txt", "\n ====\n\n  The  title\nbody\n", "The title", "", "",
         "\n ====\n\n  The  title\nbody\n", ""},
        {"a.txt",
         "Title: A treaty\nDate: 5 September 2014\nKind: brief\nLang: en\n"
         "Source: One\nSource: Two\n  and more\n\nBody: text\n",
         "A treaty", "2014-09-05", "en", "Body: text\n",
         "kind=brief;source=One;source=Two and more;"},
        {"a.txt", "Title: A\nDate: last week\n\nBody\n", "A", "", "", "Body\n",
         "date=last week;"},
        {"a.txt", "Title: not a block\nof fields\n\nBody\n",
         "Title: not a block", "", "",
         "Title: not a block\nof fields\n\nBody\n", ""},
        {"a.txt", "Dear Sir: hello\nName: x\n", "Dear Sir: hello", "", "",
         "Dear Sir: hello\nName: x\n", ""},
        {"dir/README", "N\bNA\bAM\bME\bE _\bx\r\nnext\fpage\rend", NULL, "", "",
         "NAME x\nnext\npage\nend", NULL},
        {"log", "\x1b[1;31mred\x1b[0m \x01 bell\x07", "red bell", "", "",
         "red   bell ", NULL},
        {"a.py", "import os\n", "a.py", "", "", "import os\n", NULL},
        {"a.json", "{\"a\": 1}\n", "a.json", "", "", "{\"a\": 1}\n", NULL},
        {"run", "#!/bin/sh\necho\n", "run", "", "", "#!/bin/sh\necho\n", NULL},
        {"x.unknown", "plain words", "plain words", "", "", "plain words",
         NULL},
        {"a.pdf", "this is text, whatever it is called", NULL, "", "",
         "this is text, whatever it is called", NULL},
    };
    (void)state;
    check(cases, PC_COUNTOF(cases));
}

static void extract_plain__long_first_line_is_no_title(void **state)
{
    char line[200];
    (void)state;
    memset(line, 'a', sizeof line - 1);
    line[sizeof line - 1] = 0;
    const file_case one = {"long.txt", line, "long.txt", "", "", line, ""};
    check(&one, 1);
}

static void extract_markdown__reads_front_matter_and_blocks(void **state)
{
    static const file_case cases[] = {
        {"a.md",
         "---\ntitle: \"A \\\"good\\\" \\u00e9nd\"\ndate: 2017-07-05 # day\n"
         "lang: en\nauthor: 'It''s me'\nsources:\n  - \"One, two\"\n"
         "  - Three\ntags: [a b, \"c, d\"]\nabout: >\n  folded\n  text\n"
         "map:\n  inner: x\n---\n\n# Head\n\nBody *em*.\n",
         "A \"good\" \xc3\xa9nd", "2017-07-05", "en", "Head\nBody em.",
         "author=It's me;source=One, two;source=Three;tags=a b;tags=c, d;"
         "about=folded text;"},
        {"a.md", "# The *title*\n\ntext [link](http://x.example/) end\n",
         "The title", "", "", "The title\ntext link end", ""},
        {"b.md", "no heading\nsecond line\n", "b.md", "", "",
         "no heading\nsecond line", ""},
        {"c.md", "| a | b |\n|---|---|\n| c | d |\n", "c.md", "", "",
         "a\tb\nc\td", ""},
        {"c2.md", "text:\n|a|\\|b\n :-:|-\nc `d|e`|\n\nx | y\n-- z\n", NULL, "",
         "", "text:\na\t\tb\nc d\te\nx | y\n-- z", ""},
        {"d.md", "x\n\n```c\nint  main;\n  y\n```\n\n- one\n- two\n", NULL, "",
         "", "x\nint  main;\n  y\none\ntwo", ""},
        {"e.md", "a<br>b &amp; &eacute; &#233; &bogus; <b>c</b> ![alt](i)",
         NULL, "", "", "a\nb & \xc3\xa9 \xc3\xa9 &bogus; c alt", ""},
        {"f.md",
         "<h1 align=center>Big <i>name</i></h1>\n\n<script>no</script>\n\n"
         "text\n",
         "Big name", "", "", "Big name\ntext", ""},
        {"g.md", "---\nnever closed\n\n# H\n", "H", "", "", NULL, NULL},
        {"h.md", "---\ntitle: T\n---\n", "T", "", "", "", ""},
    };
    (void)state;
    /* The one whose text is beside the point. */
    file_case copy[PC_COUNTOF(cases)];
    memcpy(copy, cases, sizeof cases);
    copy[8].text = "never closed\nH";
    check(copy, PC_COUNTOF(copy));
}

static void extract_html__reads_head_and_body(void **state)
{
    static const file_case cases[] = {
        {"a.html",
         "<!DOCTYPE html><html lang=de><head><title>A &amp; B</title>"
         "<meta name=Date content=2014-02-01><meta name=source content=S1>"
         "<meta name=source content=S2><meta name=kind content=news>"
         "<meta name=viewport content=x><style>p{}</style></head><body>"
         "<nav>Menu</nav><h1>Head</h1><p>One<br>two<p>three"
         "<footer>Foot</footer></body></html>",
         "A & B", "2014-02-01", "de", "Head\nOne\ntwo\nthree",
         "source=S1;source=S2;kind=news;"},
        {"b.html", "<h1>From <b>heading</b></h1>x", "From heading", "", "",
         "From heading\nx", ""},
        {"c.html", "<p>no title", "c.html", "", "", "no title", ""},
        {"d.htm",
         "<table><tr><th>a<th>b<tr><td>c</td><td>d</td></tr></table>end", NULL,
         "", "", "a\tb\nc\td\nend", ""},
        {"e.html",
         "a&shy;b&nbsp;c <script>x<y</script>d<!-- e -->f<noscript>g"
         "</noscript><template>h</template><svg><title>i</title></svg>j",
         NULL, "", "",
         "a\xc2\xad"
         "b c dfj",
         ""},
        {"f.html",
         "<img src=x alt=\"A picture\">text<time datetime="
         "\"2015-05-05T10:00\">yesterday</time>",
         NULL, "2015-05-05", "", "A picture textyesterday", ""},
        {"g.html", "treaty<sup>3</sup> 10<sup>th</sup>", NULL, "", "",
         "treaty 3 10th", ""},
        {"h.html", "<pre>\na  b\n c</pre>x  y\n\n z", NULL, "", "",
         "a  b\n c\nx y z", ""},
        {"i.html", "<nav>only navigation", NULL, "", "", "only navigation", ""},
        {"j.html", "a < b <3 &lt;c&gt; 1<2", NULL, "", "", "a < b <3 <c> 1<2",
         ""},
        {"k.html", "<title>never closed <p>text", NULL, "", "",
         "never closed\ntext", ""},
        {"l.html", "x<script>never closed <p>text", NULL, "", "", "x", ""},
        {"m.html", "<p title='a>b'>c<p title=\"<script>\">d", NULL, "", "",
         "c\nd", ""},
        {"n", "<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<p>x</p>", NULL, "",
         "", "x", ""},
        {"o.html",
         "<meta property='article:published_time' content="
         "'2020-01-02T03:04:05Z'><meta name=author content=Me>x",
         NULL, "2020-01-02", "", "x", "author=Me;"},
        {"p.html", "<div><b><div>a</b>b</div></div><i>c<table>d<tr><td>e", NULL,
         "", "", NULL, NULL},
        {"q.html", "x<select><option>One<option>Two</select>y", NULL, "", "",
         "x\nOne\nTwo\ny", ""},
    };
    (void)state;
    file_case copy[PC_COUNTOF(cases)];
    memcpy(copy, cases, sizeof cases);
    copy[15].text = "ab\ncd\ne";
    check(copy, PC_COUNTOF(copy));
}

static void check_skip(const char *name, const char *bytes, size_t n, int skip,
                       const char *detail)
{
    parasol_error err = {0};
    pi_extract x;
    pc_arena arena;
    pc_arena_init(&arena, NULL, 0);
    assert_int_equal(
        pi_extract_bytes(&x, pc_str_of(name), (pc_str){bytes, n}, &arena, &err),
        PARASOL_OK);
    if (x.skip != skip)
        print_error("%s: %s\n", name, parasol_skip_word(x.skip));
    assert_int_equal(x.skip, skip);
    if (detail)
        assert_string_equal(x.detail, detail);
    pc_arena_release(&arena);
}

#define CHECK_SKIP(name, lit, skip, detail)                                    \
    check_skip(name, lit, sizeof(lit) - 1, PARASOL_SKIP_##skip, detail)

static void extract_skip__says_why(void **state)
{
    (void)state;
    CHECK_SKIP("a.txt", "", EMPTY, "");
    CHECK_SKIP("a.txt", " \n\t ... --- \n", NOTEXT, "");
    CHECK_SKIP("a.txt", "\xe2\x80\x94 \xe2\x80\xa6", NOTEXT, "");
    CHECK_SKIP("a.html", "<p> </p><script>x</script>", NOTEXT, "");
    CHECK_SKIP("a.txt", "text\0with zeros\0\0\0inside", BINARY, "");
    CHECK_SKIP("a.dat", "\x01\x02\x03\x04\x05\x06 ab", BINARY, "");
    CHECK_SKIP("a.png", "\x89PNG\r\n\x1a\n....", BINARY, "PNG image");
    CHECK_SKIP("a",
               "\x7f"
               "ELF\x02\x01\x01",
               BINARY, "program");
    CHECK_SKIP("a.svg", "<svg><text>x</text></svg>", BINARY, "SVG image");
    CHECK_SKIP("a.pdf", "%PDF-1.4\n", TYPE, "PDF");
    CHECK_SKIP("a.txt", "%PDF-1.4\n", TYPE, "PDF");
    CHECK_SKIP("a.docx", "PK\x03\x04....", TYPE, "office document");
    CHECK_SKIP("a.epub", "PK\x03\x04....", TYPE, "EPUB");
    CHECK_SKIP("a.zip", "PK\x03\x04....", BINARY, "ZIP archive");
    CHECK_SKIP("a.eml", "From: me\n\ntext\n", TYPE, "mail");
    CHECK_SKIP("changelog.gz", "\x1f\x8b\x08....", TYPE,
               "gzip-compressed text");
    CHECK_SKIP("a.tar.gz", "\x1f\x8b\x08....", BINARY, "gzip-compressed file");
    CHECK_SKIP("a.tgz", "\x1f\x8b\x08....", BINARY, "gzip-compressed file");
}

static void extract_title__is_cut_at_a_character(void **state)
{
    char page[4096];
    parasol_error err = {0};
    pi_extract x;
    pc_arena arena;
    (void)state;
    size_t n = 0;
    n += (size_t)snprintf(page, sizeof page, "<title>x");
    while (n < 2000) {
        memcpy(page + n, "\xc3\xa9", 2);
        n += 2;
    }
    pc_arena_init(&arena, NULL, 0);
    memcpy(page + n, "</title>y", 9);
    assert_int_equal(pi_extract_bytes(&x, PC_STR_LIT("a.html"),
                                      (pc_str){page, n + 9}, &arena, &err),
                     PARASOL_OK);
    assert_int_equal(x.title.len, 511);
    assert_memory_equal(x.title.ptr + 509, "\xc3\xa9", 3);
    pc_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extract_plain__reads_text_and_fields),
        cmocka_unit_test(extract_plain__long_first_line_is_no_title),
        cmocka_unit_test(extract_markdown__reads_front_matter_and_blocks),
        cmocka_unit_test(extract_html__reads_head_and_body),
        cmocka_unit_test(extract_skip__says_why),
        cmocka_unit_test(extract_title__is_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
