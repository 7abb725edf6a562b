/*
 * The table of languages.
 */
#include "common/text/language.h"

#include "common/base/ints.h"

static const pc_language table[] = {
    {"ar", "arabic", "arabic", "ara ", "الأمن القومي والمفاوضات المعاهدات"},
    {"be", "none", "belarusian", "bel ", ""},
    {"bg", "none", "bulgarian", "bul ", ""},
    {"bn", "none", "bengali", "ben ", ""},
    {"ca", "catalan", "catalan", "cat valencian ",
     "seguretat negociacions acords nacionals"},
    {"cs", "none", "czech", "ces cze ", ""},
    {"da", "danish", "danish", "dan ",
     "sikkerheden aftalerne forhandlinger landene"},
    {"de", "german", "german", "deu ger ",
     "Häuser Verträge größte Außenministerien Verhandlungen"},
    {"el", "greek", "greek", "ell gre ",
     "πολιτικής ασφάλειας συμφωνίες διαπραγματεύσεις"},
    {"en", "english", "english", "eng ",
     "organizations policies universities running"},
    {"es", "spanish", "spanish", "spa castilian ",
     "organizaciones acción rápidamente niños"},
    {"et", "none", "estonian", "est ", ""},
    {"eu", "basque", "basque", "eus baq ", "segurtasuna akordioak herrialdeen"},
    {"fa", "none", "persian", "fas per farsi ", ""},
    {"fi", "finnish", "finnish", "fin ",
     "turvallisuuspolitiikassa maissa neuvottelut"},
    {"fr", "french", "french", "fra fre ",
     "européenne déclarée négociations traités"},
    {"ga", "irish", "irish", "gle ", "slándála náisiúnta rialtais"},
    {"he", "none", "hebrew", "heb iw ", ""},
    {"hi", "hindi", "hindi", "hin ", "सुरक्षा नीतियाँ समझौते"},
    {"hr", "none", "croatian", "hrv bs bos bosnian ", ""},
    {"hu", "hungarian", "hungarian", "hun ",
     "biztonságpolitikai tárgyalások országokban"},
    {"hy", "armenian", "armenian", "hye arm ",
     "շայկական անվտանգություն պայմանագրեր"},
    {"id", "indonesian", "indonesian", "ind in ",
     "keamanan perundingan perjanjian"},
    {"is", "none", "icelandic", "isl ice ", ""},
    {"it", "italian", "italian", "ita ",
     "sicurezza nazionale negoziati organizzazione"},
    {"ja", "none", "japanese", "jpn ", ""},
    {"ka", "none", "georgian", "kat geo ", ""},
    {"km", "none", "khmer", "khm ", ""},
    {"ko", "none", "korean", "kor ", ""},
    {"lo", "none", "lao", "lao ", ""},
    {"lt", "lithuanian", "lithuanian", "lit ", "saugumo derybose sutartys"},
    {"lv", "none", "latvian", "lav ", ""},
    {"mk", "none", "macedonian", "mkd mac ", ""},
    {"ms", "none", "malay", "msa may ", ""},
    {"my", "none", "burmese", "mya bur ", ""},
    {"ne", "nepali", "nepali", "nep ", "सुरक्षाका सम्झौताहरू"},
    {"nl", "dutch", "dutch", "nld dut flemish ",
     "veiligheid overeenkomsten landen"},
    {"no", "norwegian", "norwegian", "nor nb nob nn nno ",
     "sikkerheten avtalene forhandlinger"},
    {"none", "none", "none", "", ""},
    {"pl", "none", "polish", "pol ", ""},
    {"pt", "portuguese", "portuguese", "por ",
     "segurança nações organizações políticas"},
    {"ro", "romanian", "romanian", "ron rum mo moldavian ",
     "securitatea națională negocierilor"},
    {"ru", "russian", "russian", "rus ",
     "безопасность переговорами договоры Её чайки"},
    {"sk", "none", "slovak", "slk slo ", ""},
    {"sl", "none", "slovenian", "slv slovene ", ""},
    {"sq", "none", "albanian", "sqi alb ", ""},
    {"sr", "serbian", "serbian", "srp sh ", "безбедност преговорима уговори"},
    {"sv", "swedish", "swedish", "swe ", "säkerheten förhandlingarna avtalen"},
    {"ta", "tamil", "tamil", "tam ", "பாதுகாப்பு ஒப்பந்தங்கள்"},
    {"th", "none", "thai", "tha ", ""},
    {"tr", "turkish", "turkish", "tur ",
     "güvenliğin İstanbul ılımlı anlaşmalar"},
    {"uk", "none", "ukrainian", "ukr ", ""},
    {"ur", "none", "urdu", "urd ", ""},
    {"vi", "none", "vietnamese", "vie ", ""},
    {"yi", "yiddish", "yiddish", "yid ji ", "פֿאַרהאַנדלונגען לענדער"},
    {"zh", "none", "chinese", "zho chi cmn ", ""},
};

_Static_assert(PC_COUNTOF(table) <= PC_LANGUAGES_MAX, "sets are 64 bits");

unsigned pc_language_count(void)
{
    return (unsigned)PC_COUNTOF(table);
}

const pc_language *pc_language_at(unsigned i)
{
    return &table[i];
}

uint8_t pc_language_of_code(pc_str code)
{
    for (uint8_t i = 0; i < PC_COUNTOF(table); i++)
        if (pc_str_eq(pc_str_of(table[i].code), code))
            return i;
    return PC_LANGUAGE_NONE;
}

/* Is `key`, which ends with a space, among the words of `list`? */
static bool is_listed(const char *list, const char *key)
{
    size_t n = strlen(key);
    for (; *list; list = strchr(list, ' ') + 1)
        if (strncmp(list, key, n) == 0)
            return true;
    return false;
}

uint8_t pc_language_named(pc_str name)
{
    char key[24];
    size_t n = 0;
    while (n < name.len && n + 2 < sizeof key) {
        char c = (char)(name.ptr[n] | 0x20);
        if (c < 'a' || c > 'z')
            break;
        key[n++] = c;
    }
    /* A region may stand behind, but not a word. */
    if (n < 2 || (n < name.len && !strchr("-_.@", name.ptr[n])))
        return PC_LANGUAGE_NONE;
    key[n] = '\0';
    for (uint8_t i = 0; i < PC_COUNTOF(table); i++)
        if (strcmp(table[i].code, key) == 0 || strcmp(table[i].name, key) == 0)
            return i;
    key[n] = ' ';
    key[n + 1] = '\0';
    for (uint8_t i = 0; i < PC_COUNTOF(table); i++)
        if (is_listed(table[i].others, key))
            return i;
    return PC_LANGUAGE_NONE;
}
