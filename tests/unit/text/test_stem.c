/*
 * Stemming, and the English exceptions against libstemmer itself.
 */
#include <libstemmer.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/text/stem.h"
#include "common/text/stem_exceptions.h"

static pc_stemmer *open_stemmer(const char *algorithm)
{
    pc_stemmer *s = NULL;
    parasol_error err = {0};
    assert_int_equal(pc_stemmer_open(&s, algorithm, NULL, &err), PARASOL_OK);
    return s;
}

static void check_stem(pc_stemmer *s, const char *word, const char *want)
{
    pc_str got = pc_stem(s, pc_str_of(word));
    if (!pc_str_eq(got, pc_str_of(want)))
        fail_msg("%s -> %.*s, not %s", word, PC_STR_ARG(got), want);
}

static void text_stem__known_words(void **state)
{
    (void)state;
    pc_stemmer *s = open_stemmer("english");
    check_stem(s, "negotiations", "negoti");
    check_stem(s, "running", "run");
    check_stem(s, "", "");
    pc_stemmer_free(s);
    s = open_stemmer("none");
    check_stem(s, "negotiations", "negotiations");
    assert_false(pc_stemmer_reads_marks(s));
    pc_stemmer_free(s);
    s = open_stemmer("german");
    check_stem(s, "häuser", "haus");
    assert_true(pc_stemmer_reads_marks(s));
    pc_stemmer_free(s);
    s = open_stemmer("porter"); /* the exceptions are not Porter's */
    check_stem(s, "university", "univers");
    pc_stemmer_free(s);
    pc_stemmer_free(NULL);
}

static void text_stem__every_algorithm_opens(void **state)
{
    (void)state;
    unsigned n = 0;
    for (const char **name = sb_stemmer_list(); *name; name++, n++) {
        pc_stemmer *s = open_stemmer(*name);
        assert_non_null(pc_stem(s, PC_STR_LIT("organizations")).ptr);
        pc_stemmer_free(s);
    }
    assert_true(n >= 20);
}

static void text_stem__unknown_algorithm_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "klingon", "English", "en", "eng"};
    for (size_t i = 0; i < PC_COUNTOF(bad); i++) {
        parasol_error err = {0};
        pc_stemmer *s = NULL;
        assert_int_equal(pc_stemmer_open(&s, bad[i], NULL, &err), PARASOL_ARG);
        assert_null(s);
        assert_non_null(strstr(err.message, "unknown language"));
    }
}

static void text_stem__long_words_are_left_alone(void **state)
{
    (void)state;
    pc_stemmer *s = open_stemmer("english");
    char word[5000];
    memset(word, 's', sizeof word);
    pc_str got = pc_stem(s, (pc_str){word, sizeof word});
    assert_ptr_equal(got.ptr, word);
    assert_int_equal(got.len, sizeof word);
    pc_stemmer_free(s);
}

static pc_str snowball(struct sb_stemmer *sb, pc_str word)
{
    const sb_symbol *p =
        sb_stemmer_stem(sb, (const sb_symbol *)word.ptr, (int)word.len);
    assert_non_null(p);
    return (pc_str){(const char *)p, (size_t)sb_stemmer_length(sb)};
}

/* Senses that libstemmer joins and we do not: the words of each line have one
   stem there and as many keys here as there are bars, plus one. */
static const char *const senses[] = {
    "university universities | universe universes | universal universally",
    "international internationally | internal internally | interned internment",
    "organization organized organizers | organ organs | organism organisms | "
    "organic organically",
    "security secure secured | securities",
    "nation national | nationality nationalities | nationalism | "
    "nationalization nationalized",
    "execute executed execution | executive executives",
    "command commander | commandment commandments",
    "arm | arms armed",
    "inform information informed | informal informally | informant informers",
    "object objects | objection objections | objective objectives",
    "access accessible accessed | accession accessions",
    "process processing | procession processions",
    "success successful | succession | successive successively",
    "author authors | authority authorities | authorization authorized",
    "several | severe severely severity | severed severance",
    "response responses responsive | responsible responsibility",
    "public publicly | publication publications",
    "relation relations related | relative relatives relatively | "
    "relativity",
    "later | lateral laterally",
    "design designs designed designer | designated designation designates",
    "content contents | contention contentions",
    "direct direction directed | directive directives",
    "initial initially | initiative initiatives | initiate initiated",
    "import imports imported | important importance importantly",
    "person personal persons | personality personalities",
    "position positions | positive positively",
    "major majors | majority majorities",
    "minor minors | minority minorities",
    "compete competes competing | competence competent competencies",
    "convention conventions | conventional conventionally | convent convents",
    "corporate corporation corporations | corporal corporals",
    "federal federally | federation federations",
    "civil | civilization civilizations civilized",
    "custom | customs | customer customers | customize customized",
    "defend defended defender | defendant defendants",
    "conserve conservation | conservative conservatives",
    "liberal liberals liberalism | liberation liberated",
    "capital capitals | capitalism",
    "social socially | socialism",
    "emerge emerging emergence | emergency emergencies",
    "transit transits | transition transitions transitional",
    "empire empires | empirical empirically",
    "numeric numerical | numerous",
    "decade decades | decadent decadence",
    "disable disabled | disability disabilities",
    "past | paste pasted",
    "conversion conversions | conversation conversations | converse conversely",
    "principal principals | principality principalities",
    "secret secrets secretly | secretion secreted",
    "unit units | united unite unites",
    "cooper coopers | cooperation cooperate cooperative",
    "experience experiences | experiment experiments",
    "business businesses | busy",
    "tribune tribunes | tribunal tribunals",
    "colon colons | colonization colonized",
    "ration rations rationing | rational rationality rationally",
    "resolution resolutions | resolute resolutely",
    "moral morality | morale",
    "human humanity | humane humanely",
    "mobile mobility | mobilization mobilize mobilized",
    "neutral neutrality | neutralize neutralized",
    "critic critics criticism | critical critically",
    "physical physically | physics",
    "politics political | polite politely",
    "provide provided provider | providence",
    "digit digits | digital digitally",
    "concert concerts | concerted",
    "subject subjects | subjective subjectively",
    "extreme extremely | extremism",
    "active activity activities | activism | activate activated activation",
    "journal journals | journalism",
    "imperial | imperialism",
    "protest protests protested | protestant protestants",
    "apart | apartment apartments",
    "admire admired | admiral admirals",
    "heroin | heroine heroines",
    "petit | petition petitions",
    "reserve reserves reserved | reservation reservations",
    "attach attached | attache",
    "aid aids aided | aide aides",
    "nominate nominated nomination | nominal nominally",
    "extension extensions | extensive extensively",
    "population populations | populism",
    "proven | provenance",
    "format formats formatted | formation formations",
    "even evenly | evening evenings",
    "good | goods",
    "indicate indicates indicated | indices",
    "accord accords accordance | according accordingly",
    "celebrate celebrates celebrated | celebrity celebrities",
    "compose composed composing | composer composers",
    "confer confers conferred | conference conferences",
    "consist consists consisted | consistent consistently consistency",
    "correspond corresponds corresponding | correspondent correspondents",
    "depart departs departed | department departments",
    "harry | harris",
    "identity identities | identical identically",
    "integrate integrated integration | integral integrals",
    "mary | marie",
    "memory memories | memorial memorials",
    "office offices | officer officers",
    "opposition | opposite opposites",
    "premier premiers | premiere premieres premiered",
    "quit quits | quite",
    "respect respects respected | respective respectively",
    "suit suits suited | suite suites",
    "terminate terminated termination | terminal terminals",
    "witness witnesses witnessed | wit wits",
    "animal animals | animation animated | anime",
    "authentic authenticity | authentication authenticated authenticator",
    "ordination | ordinance ordinances",
    "occupation occupations occupants | occupational",
    "diverse diversity | diversion diversions",
    "utility utilities | utilize utilized utilization",
    "local locally | localize localized localization",
    "preceding precede | precedent precedents",
    "arab arabs | arabic",
    "assist assisted assistance | assistant assistants",
    "government governments govern | governance",
    "constitute constitutes constituted | constitution constitutions constitutional",
    "intelligence | intelligent intelligently | intelligible intelligibility",
    "contain contained contains | containment | container containers",
    "appropriate appropriately | appropriation appropriations",
    "incident incidents | incidence",
    "account accounts accounting | accountable accountability",
    "sustain sustained | sustainable sustainability",
    "renew renewal renewed | renewable renewables",
    "natural nature | naturalization naturalized",
    "private privately | privatization privatized",
    "normal normally | normalization normalized",
    "polar | polarization polarized",
    "desert deserts deserted | deserter desertion",
    "miner miners | mineral minerals",
    "audit audits auditing | audition auditions",
    "hospital hospitals | hospitality",
    "detect detected detection | detective detectives",
    "fabric fabrics | fabricate fabricated fabrication",
    "literal literally | literate",
    "affect affected affects | affection affections",
    "redesign redesigned | redesignated redesignation",
    "orient orientation oriented | oriental",
    "recreation recreational | recreate recreated",
    "defer deferred | deference",
    "discrete discretely | discretion",
    "deposit deposits deposited | deposition depositions",
    "alien aliens | alienation alienated",
    "engine engines | engineer engineers engineering",
    "july | julie",
    "deny denied denies | denis",
};

typedef struct sense_check {
    pc_stemmer *ours;
    struct sb_stemmer *theirs;
    char stem[64]; /* of libstemmer, for the whole line */
    char keys[8][64];
    unsigned sense;
} sense_check;

static void check_word(sense_check *c, pc_str word)
{
    char buf[64];
    pc_str stem = snowball(c->theirs, word);
    (void)snprintf(buf, sizeof buf, "%.*s", PC_STR_ARG(stem));
    if (c->stem[0] == '\0')
        memcpy(c->stem, buf, sizeof buf);
    if (strcmp(c->stem, buf) != 0)
        fail_msg("libstemmer keeps %.*s (%s) apart from %s by itself",
                 PC_STR_ARG(word), buf, c->stem);
    pc_str key = pc_stem(c->ours, word);
    (void)snprintf(buf, sizeof buf, "%.*s", PC_STR_ARG(key));
    char *want = c->keys[c->sense];
    if (want[0] == '\0')
        memcpy(want, buf, sizeof buf);
    if (strcmp(want, buf) != 0)
        fail_msg("%.*s has key %s, the word beside it %s", PC_STR_ARG(word),
                 buf, want);
    for (unsigned i = 0; i < c->sense; i++)
        if (strcmp(c->keys[i], buf) == 0)
            fail_msg("%.*s still has the key %s", PC_STR_ARG(word), buf);
}

static void text_stem__senses_are_kept_apart(void **state)
{
    (void)state;
    sense_check c = {
        open_stemmer("english"), sb_stemmer_new("english", NULL), "", {""}, 0};
    for (size_t i = 0; i < PC_COUNTOF(senses); i++) {
        c.stem[0] = '\0';
        memset(c.keys, 0, sizeof c.keys);
        c.sense = 0;
        for (const char *p = senses[i]; *p; p += strspn(p, " ")) {
            size_t n = strcspn(p, " ");
            if (*p == '|')
                c.sense++;
            else
                check_word(&c, (pc_str){p, n});
            p += n;
        }
        assert_true(c.sense > 0 && c.sense < PC_COUNTOF(c.keys));
    }
    sb_stemmer_delete(c.theirs);
    pc_stemmer_free(c.ours);
}

/* Pairs that this libstemmer does not join; if another one did, a row would
   be needed. */
static void text_stem__other_senses_are_apart_already(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"policy", "police"},     {"policies", "policing"},
        {"general", "generic"},   {"community", "communism"},
        {"new", "news"},          {"army", "arm"},
        {"mission", "missile"},   {"personal", "personnel"},
        {"statute", "statue"},    {"treaty", "treat"},
        {"military", "militant"}, {"marine", "maritime"},
    };
    pc_stemmer *s = open_stemmer("english");
    for (size_t i = 0; i < PC_COUNTOF(pairs); i++) {
        char first[64];
        pc_str a = pc_stem(s, pc_str_of(pairs[i][0]));
        (void)snprintf(first, sizeof first, "%.*s", PC_STR_ARG(a));
        pc_str b = pc_stem(s, pc_str_of(pairs[i][1]));
        assert_false(pc_str_eq(pc_str_of(first), b));
    }
    check_stem(s, "policies", "polici");
    check_stem(s, "policy", "polici");
    check_stem(s, "policing", "polic");
    pc_stemmer_free(s);
}

static void text_stem__exceptions_are_sorted_and_needed(void **state)
{
    (void)state;
    struct sb_stemmer *sb = sb_stemmer_new("english", NULL);
    pc_str before = {"", 0};
    assert_true(pc_stem_exception_count() > 300);
    for (size_t i = 0; i < pc_stem_exception_count(); i++) {
        pc_str key;
        pc_str word = pc_stem_exception_at(i, &key);
        assert_true(pc_str_cmp(before, word) < 0);
        assert_true(pc_str_eq(pc_stem_exception(word), key));
        if (pc_str_eq(snowball(sb, word), key))
            fail_msg("%.*s is no exception", PC_STR_ARG(word));
        before = word;
    }
    assert_null(pc_stem_exception(PC_STR_LIT("")).ptr);
    assert_null(pc_stem_exception(PC_STR_LIT("zzz")).ptr);
    sb_stemmer_delete(sb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_stem__known_words),
        cmocka_unit_test(text_stem__every_algorithm_opens),
        cmocka_unit_test(text_stem__unknown_algorithm_is_refused),
        cmocka_unit_test(text_stem__long_words_are_left_alone),
        cmocka_unit_test(text_stem__senses_are_kept_apart),
        cmocka_unit_test(text_stem__other_senses_are_apart_already),
        cmocka_unit_test(text_stem__exceptions_are_sorted_and_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
