// What is decided, by a policy with every condition: each row is decided, and explained, and both agree.

#include "tests/policy/question.hpp"

using namespace portcullis;
using namespace portcullis::policy;

namespace {

const std::string ct = "1.2.840.10008.5.1.4.1.1.2";
const std::string us = "1.2.840.10008.5.1.4.1.1.6.1";
const std::string report = "1.2.840.10008.5.1.4.1.1.88.11";
const std::string patient_move = "1.2.840.10008.5.1.4.1.2.1.2";

Uid uid(const std::string& text) {
    return Uid::parse(text).value();
}
std::vector<Hours> hours(std::initializer_list<const char*> texts) {
    std::vector<Hours> all;
    for (const char* text : texts) all.push_back(Hours::parse(text).value());
    return all;
}
std::vector<NamePattern> names(std::initializer_list<const char*> texts) {
    std::vector<NamePattern> all;
    for (const char* text : texts) all.push_back(NamePattern::parse(text).value());
    return all;
}

Rule rule(const char* name, std::vector<Operation> operations, Decision decide) {
    Rule made;
    made.name = name;
    made.operations = std::move(operations);
    made.decide = decide;
    return made;
}

std::vector<Rule> for_everything() {
    Rule guests = rule("guests", {}, Decision::refuse);
    guests.networks = {network("192.168.0.0/16")};
    return {guests};
}

std::vector<Rule> for_stores() {
    Rule ultrasound = rule("no ultrasound", {Operation::store}, Decision::refuse);
    ultrasound.sop_classes = {uid(us)};
    Rule read_only = rule("read-only", {Operation::store}, Decision::refuse);
    read_only.archives = {"research"};
    Rule teaching = rule("teaching", {Operation::store}, Decision::pass);
    teaching.called = {title("TEACH")};
    teaching.from = {"ct-1"};
    Rule nights = rule("no MG at night", {Operation::store}, Decision::refuse);
    nights.modalities = {"MG"};
    nights.hours = hours({"22:00-06:00"});
    Rule phantoms = rule("phantoms", {Operation::store}, Decision::pass);
    phantoms.institutions = names({"*phantom*"});
    return {ultrasound, read_only, teaching,
            nights,     phantoms,  rule("seal", {Operation::store}, Decision::seal)};
}

std::vector<Rule> for_retrievals() {
    Rule by_patient = rule("by patient", {Operation::retrieve}, Decision::refuse);
    by_patient.sop_classes = {uid(patient_move)};
    Rule night = rule("night shift", {Operation::retrieve}, Decision::open);
    night.from = night.to = {"viewers"};
    night.users = {"doctor", "nurse"};
    night.hours = hours({"mon-fri 22:00-06:00", "sat-sun 00:00-24:00"});
    Rule radiology = rule("radiology", {Operation::retrieve}, Decision::open);
    radiology.from = {"reading-room"};
    radiology.to = {"viewers"};
    radiology.modalities = {"CT", "MR"};
    radiology.institutions = names({"St Elsewhere", "Radiology*"});
    Rule reports = rule("reports", {Operation::retrieve}, Decision::open);
    reports.from = reports.to = {"viewers"};
    reports.sop_classes = {uid(report)};
    Rule copy = rule("copy", {Operation::retrieve}, Decision::sealed);
    copy.from = copy.to = {"mirror"};
    Rule tablets = rule("tablets", {Operation::retrieve}, Decision::open);
    tablets.from = tablets.to = {"tablet"};
    tablets.modalities = {"US"};
    Rule wards = rule("wards", {Operation::retrieve}, Decision::open);
    wards.from = {"ward"};
    wards.to = {"viewers", "ward"};
    wards.certificates.resize(1);
    wards.certificates[0].san = AlternativeName::parse("*.wards.example");
    return {by_patient, night, radiology, reports, copy, tablets, wards};
}

std::vector<Rule> for_pushes() {
    Rule reports = rule("no reports", {Operation::push}, Decision::refuse);
    reports.sop_classes = {uid(report)};
    Rule route = rule("route CT", {Operation::push}, Decision::open);
    route.from = {"main"};
    route.to = {"viewers"};
    route.modalities = {"CT"};
    Rule copy = rule("mirror", {Operation::push}, Decision::sealed);
    copy.from = {"main"};
    copy.to = {"mirror"};
    return {reports, route, copy};
}

std::vector<Rule> for_relays() {
    Rule worklist = rule("worklist", {Operation::worklist}, Decision::relay);
    worklist.hours = hours({"06:00-20:00"});
    Rule mpps = rule("mpps", {Operation::mpps}, Decision::relay);
    mpps.from = {"ct-1"};
    Rule commitment = rule("commitment", {Operation::commitment}, Decision::relay);
    commitment.called = {title("PACS")};
    Rule other = rule("other", {Operation::other}, Decision::relay);
    other.users = {"admin"};
    return {rule("ask", {Operation::echo, Operation::find}, Decision::relay), worklist, mpps, commitment,
            other};
}

/// The rules of one part behind those for everything: an unknown object may meet each of them.
Policy with(std::vector<Rule> rules) {
    auto all = for_everything();
    all.insert(all.end(), rules.begin(), rules.end());
    return Policy(hospital_peers(), hospital_groups(), std::move(all), Decision::refuse);
}

Policy hospital() {
    std::vector<Rule> all;
    for (const auto& part : {for_stores(), for_retrievals(), for_pushes(), for_relays()})
        all.insert(all.end(), part.begin(), part.end());
    return with(all);
}

std::string replaced(std::string text) {
    const std::pair<std::string, std::string> classes[] = {{"=CTclass", "=" + ct},
                                                           {"=USclass", "=" + us},
                                                           {"=SR", "=" + report},
                                                           {"=byPatient", "=" + patient_move}};
    for (const auto& [word, value] : classes)
        if (const auto at = text.find(word); at != std::string::npos) text.replace(at, word.size(), value);
    return text;
}

void check(const std::vector<Row>& rows) {
    static const Policy policy = hospital();
    for (const Row& row : rows) {
        const auto asked = replaced(row.asked);
        check_row(policy, {asked.c_str(), row.decided});
    }
}

}  // namespace

TEST_CASE("A store is decided by what the command says, where that is enough") {
    check({
        {"store CT1@10.0.3.1 class=USclass", "refuse by no ultrasound"},
        {"store CT1@10.0.3.1 class=CTclass archive=research", "refuse by read-only"},
        {"store CT1@10.0.3.1 class=CTclass called=TEACH", "pass by teaching"},
        {"store CT1@10.0.4.1 class=CTclass called=TEACH complete", "seal by seal"},
        {"store CT1@192.168.1.1 class=CTclass", "refuse by guests"},
        {"store CT1@192.168.1.1 class=USclass archive=research", "refuse by guests"},
        {"store NEW@10.0.3.1 class=CTclass complete", "seal by seal"},
        {"store TEACHER@10.9.9.9 class=CTclass called=TEACH peer=ct-1", "pass by teaching"},
        {"store TEACHER@10.9.9.9 class=CTclass called=TEACH peer=gone complete", "seal by seal"},
    });
}

TEST_CASE("A store of which a rule asks more depends on the object, until that has said it") {
    check({
        {"store CT1@10.0.3.1 class=CTclass", "pass by phantoms | seal by seal ? institution"},
        {"store CT1@10.0.3.1 class=CTclass modality=MG", "pass by phantoms | seal by seal ? institution"},
        {"store CT1@10.0.3.1 class=CTclass at=tue_23:00",
         "refuse by no MG at night | pass by phantoms | seal by seal ? modality, institution"},
        {"store CT1@10.0.3.1 class=CTclass at=tue_23:00 modality=CT",
         "pass by phantoms | seal by seal ? institution"},
        {"store CT1@10.0.3.1 class=CTclass at=tue_23:00 modality=MG", "refuse by no MG at night"},
        {"store CT1@10.0.3.1 class=CTclass at=tue_23:00 institution=X",
         "refuse by no MG at night | seal by seal ? modality"},
        {"store CT1@10.0.3.1 class=CTclass at=tue_23:00 complete", "seal by seal"},
        {"store CT1@10.0.3.1 class=CTclass nowhere", "seal by seal"},
        {"store CT1@10.0.3.1 class=CTclass institution=Phantom_Lab", "pass by phantoms"},
        {"store CT1@10.0.3.1 class=CTclass institution=St_Elsewhere institution=The_PHANTOM",
         "pass by phantoms"},
        {"store CT1@10.0.3.1 class=CTclass institution=Phanto", "seal by seal"},
        {"store CT1@10.0.3.1",
         "refuse by no ultrasound | pass by phantoms | seal by seal ? sop_class, institution"},
        {"store CT1@10.0.3.1 complete", "seal by seal"},
        {"store CT1@10.0.3.1 class=CTclass modality=MG at=tue_21:59 nowhere", "seal by seal"},
        {"store CT1@10.0.3.1 class=CTclass modality=MG at=tue_22:00 nowhere", "refuse by no MG at night"},
        {"store CT1@10.0.3.1 class=CTclass modality=MG at=wed_05:59 nowhere", "refuse by no MG at night"},
        {"store CT1@10.0.3.1 class=CTclass modality=MG at=wed_06:00 nowhere", "seal by seal"},
        {"store CT1@10.0.3.1 class=CTclass modality=mg at=tue_23:00 nowhere", "seal by seal"},
        {"store CT1@10.0.3.1 class=CTclass modality=MG2 at=tue_23:00 nowhere", "seal by seal"},
        {"store CT1@10.0.3.1 class=CTclass modality= at=tue_23:00 nowhere", "seal by seal"},
    });
}

TEST_CASE("A retrieval depends on its objects where a rule asks of them") {
    check({
        {"retrieve WS1@10.0.1.7 to=reading-room",
         "open by radiology | open by reports | refuse by default ? modality, institution, sop_class"},
        {"retrieve WS1@10.0.1.7 to=reading-room object=CTclass",
         "open by radiology | refuse by default ? modality, institution"},
        {"retrieve WS1@10.0.1.7 to=reading-room object=SR modality=SR nowhere", "open by reports"},
        {"retrieve WS1@10.0.1.7 to=reading-room object=CTclass modality=CT",
         "open by radiology | refuse by default ? institution"},
        {"retrieve WS1@10.0.1.7 to=reading-room object=CTclass modality=CT institution=St_Elsewhere",
         "open by radiology"},
        {"retrieve WS1@10.0.1.7 to=reading-room object=CTclass modality=MR institution=st_elsewhere_",
         "open by radiology"},
        {"retrieve WS1@10.0.1.7 to=reading-room object=CTclass modality=CT institution=X "
         "institution=RADIOLOGY_II",
         "open by radiology"},
        {"retrieve WS1@10.0.1.7 to=reading-room object=CTclass modality=CT institution=My_Radiology",
         "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=reading-room object=CTclass modality=CT nowhere", "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=reading-room object=CTclass modality=US institution=St_Elsewhere",
         "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=reading-room object=CTclass modality=CTX institution=St_Elsewhere",
         "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=reading-room complete", "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=clinic object=CTclass modality=CT institution=St_Elsewhere",
         "open by radiology"},
        {"retrieve WS1@10.0.1.7 to=mirror object=CTclass modality=CT institution=St_Elsewhere",
         "refuse by default"},
        {"retrieve CLINIC@fd00:1::1 to=clinic", "open by reports | refuse by default ? sop_class"},
        {"retrieve CLINIC@fd00:1::1 to=clinic object=SR", "open by reports"},
        {"retrieve CLINIC@fd00:1::1 to=clinic object=CTclass", "refuse by default"},
        {"retrieve VNA@10.0.2.9 to=mirror", "sealed by copy"},
        {"retrieve VNA@10.0.2.9 to=mirror back", "sealed by copy"},
        {"retrieve VNA@10.0.2.9 to=reading-room", "refuse by default"},
        {"retrieve CT1@10.0.3.1 to=ct-1", "refuse by default"},
    });
}

TEST_CASE("A class that is no object's is the request's") {
    check({
        {"retrieve WS1@10.0.1.7 to=reading-room class=byPatient", "refuse by by patient"},
        {"retrieve VNA@10.0.2.9 to=mirror class=byPatient", "refuse by by patient"},
        {"retrieve VNA@10.0.2.9 to=mirror class=1.2.840.10008.5.1.4.1.2.2.2", "sealed by copy"},
        {"retrieve VNA@10.0.2.9 to=mirror class=byPatient object=CTclass", "refuse by by patient"},
        {"push PACS@10.0.0.5 to=mirror object=byPatient", "sealed by mirror"},
    });
}

TEST_CASE("Users are whom the archive has confirmed, and windows hold at their edges") {
    check({
        {"retrieve WS1@10.0.1.7 to=clinic user=doctor at=tue_22:00", "open by night shift"},
        {"retrieve WS1@10.0.1.7 to=clinic user=nurse at=wed_05:59", "open by night shift"},
        {"retrieve WS1@10.0.1.7 to=clinic user=nurse at=wed_06:00 complete", "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=clinic user=doctor at=tue_21:59 complete", "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=clinic user=porter at=tue_23:00 complete", "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=clinic user=Doctor at=tue_23:00 complete", "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=clinic at=tue_23:00 complete", "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=clinic user=doctor at=sat_00:00", "open by night shift"},
        {"retrieve WS1@10.0.1.7 to=clinic user=doctor at=sat_05:59", "open by night shift"},
        {"retrieve WS1@10.0.1.7 to=clinic user=doctor at=sat_12:00", "open by night shift"},
        {"retrieve WS1@10.0.1.7 to=clinic user=doctor at=sun_23:59", "open by night shift"},
        {"retrieve WS1@10.0.1.7 to=clinic user=doctor at=mon_00:00 complete",
         "refuse by default"},  // sunday's
        {"retrieve WS1@10.0.1.7 to=clinic user=doctor at=mon_22:00", "open by night shift"},
        {"retrieve WS1@10.0.1.6 to=clinic user=doctor at=tue_23:00", "refuse by default"},
    });
}

TEST_CASE("Strangers, impostors and unknown destinations get nothing, whatever their objects are") {
    check({
        {"retrieve WS1@10.0.1.6 to=reading-room", "refuse by default"},
        {"retrieve WS1@10.0.3.1 to=reading-room", "refuse by default"},
        {"retrieve ws1@10.0.1.7 to=reading-room", "refuse by default"},
        {"retrieve NOBODY@10.0.1.7 to=reading-room", "refuse by default"},
        {"retrieve CLINIC@10.0.1.7 to=clinic", "refuse by default"},
        {"retrieve WARD@10.0.8.1 to=ward shows=a.wards.example", "refuse by default"},
        {"retrieve VNA@10.0.2.8 to=mirror", "refuse by default"},
        {"retrieve WS1@10.0.1.7", "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=viewers", "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=unheard-of", "refuse by default"},
        {"retrieve WS1@192.168.1.7 to=reading-room", "refuse by guests"},
        {"retrieve NOBODY@192.168.1.7", "refuse by guests"},
    });
}

TEST_CASE("A certificate must have one of the names") {
    check({
        {"retrieve WARD@10.0.9.1 to=ward shows=a.wards.example", "open by wards"},
        {"retrieve WARD@10.0.9.1 to=clinic shows=b.wards.example", "open by wards"},
        {"retrieve WARD@10.0.9.1 to=mirror shows=b.wards.example", "refuse by default"},
        {"retrieve WARD@10.0.9.1 to=ward shows=wards.example", "refuse by default"},
        {"retrieve WARD@10.0.9.1 to=ward shows=a.b.wards.example", "refuse by default"},
        {"retrieve WARD@10.0.9.1 to=ward shows=a.wards.example.org", "refuse by default"},
        {"retrieve WARD@10.0.9.1 to=ward", "refuse by default"},
    });
}

TEST_CASE("Who is known by a title alone gets nothing back on the same association") {
    check({
        {"retrieve TAB1@198.51.100.1 to=tablet modality=US object=USclass", "open by tablets"},
        {"retrieve TAB1@198.51.100.1 to=tablet object=USclass",
         "open by tablets | refuse by default ? modality"},
        {"retrieve TAB1@198.51.100.1 to=tablet modality=US object=USclass back", "refuse by default"},
        {"retrieve TAB1@198.51.100.1 to=tablet back", "refuse by default"},
        {"retrieve WARD@10.0.9.1 to=ward shows=a.wards.example back", "refuse by default"},
        {"retrieve WS1@10.0.1.7 to=reading-room object=SR modality=SR back", "open by reports"},
        {"retrieve TAB1@192.168.1.1 to=tablet modality=US back", "refuse by guests"},
    });
}

TEST_CASE("Pushes come from archives, and depend on what is pushed") {
    check({
        {"push PACS@10.0.0.5 to=clinic",
         "refuse by no reports | open by route CT | refuse by default ? sop_class, modality"},
        {"push PACS@10.0.0.5 to=clinic object=CTclass", "open by route CT | refuse by default ? modality"},
        {"push PACS@10.0.0.5 to=clinic object=CTclass modality=CT", "open by route CT"},
        {"push PACS@10.0.0.5 to=tablet object=CTclass modality=CT", "open by route CT"},
        {"push PACS@10.0.0.5 to=clinic object=CTclass modality=MR", "refuse by default"},
        {"push PACS@10.0.0.5 to=clinic object=CTclass complete", "refuse by default"},
        {"push PACS@10.0.0.5 to=clinic object=SR", "refuse by no reports"},
        {"push PACS@10.0.0.5 to=clinic class=SR", "refuse by no reports"},
        {"push PACS@10.0.0.5 to=mirror object=CTclass", "sealed by mirror"},
        {"push PACS@10.0.0.5 to=mirror object=SR", "refuse by no reports"},
        {"push PACS@10.0.0.5 to=mirror object=CTclass archive=research", "refuse by default"},
        {"push WS1@10.0.1.7 to=ward object=CTclass", "refuse by default"},
        {"push PACS@10.0.0.5 object=CTclass modality=CT", "refuse by default"},
        {"push PACS@10.0.0.5 to=unheard-of object=CTclass modality=CT", "refuse by default"},
        {"push PACS@192.168.0.5 to=clinic", "refuse by guests"},
    });
}

TEST_CASE("What carries no object is decided at once") {
    check({
        {"echo NOBODY@10.0.1.7", "relay by ask"},
        {"echo CT1@192.168.7.7", "refuse by guests"},
        {"find WS1@10.0.1.7", "relay by ask"},
        {"find NOBODY@198.51.100.9", "relay by ask"},
        {"worklist CT1@10.0.3.1 at=mon_06:00", "relay by worklist"},
        {"worklist CT1@10.0.3.1 at=sun_19:59", "relay by worklist"},
        {"worklist CT1@10.0.3.1 at=mon_20:00", "refuse by default"},
        {"worklist CT1@10.0.3.1 at=mon_05:59", "refuse by default"},
        {"mpps CT1@10.0.3.1", "relay by mpps"},
        {"mpps CT1@10.0.4.1", "refuse by default"},
        {"mpps WS1@10.0.1.7", "refuse by default"},
        {"commitment CT1@10.0.3.1", "relay by commitment"},
        {"commitment CT1@10.0.3.1 called=RESEARCH archive=research", "refuse by default"},
        {"other WS1@10.0.1.7 user=admin", "relay by other"},
        {"other WS1@10.0.1.7", "refuse by default"},
        {"other WS1@10.0.1.7 user=administrator", "refuse by default"},
    });
}

TEST_CASE("A rule for every operation that asks of objects does not match what carries none") {
    Rule forbidden = rule("no MG", {}, Decision::refuse);
    forbidden.modalities = {"MG"};
    const auto policy = with({forbidden, rule("ask", {Operation::echo, Operation::find}, Decision::relay),
                              rule("seal", {Operation::store}, Decision::seal)});
    check_rows(policy,
               {
                   {"echo NOBODY@10.0.1.7", "relay by ask"},
                   {"find WS1@10.0.1.7", "relay by ask"},
                   {"store CT1@10.0.3.1", "refuse by no MG | seal by seal ? modality"},
                   {"store CT1@10.0.3.1 modality=MG", "refuse by no MG"},
                   {"store CT1@10.0.3.1 modality=CT", "seal by seal"},
                   {"retrieve WS1@10.0.1.7 to=clinic", "refuse by no MG | refuse by default ? modality"},
               });
}

TEST_CASE("An explanation names the condition that fails, with both values") {
    const auto policy = hospital();
    const Question question("retrieve WS1@10.0.1.7 to=reading-room modality=US at=tue_23:00 user=porter");
    const auto explained = explain(policy, question.request());
    CHECK(explained.judged.from == "reading-room");
    const auto said = [&](const std::string& name) {
        for (const auto& rule : explained.rules) {
            if (rule.name != name) continue;
            std::string text;
            for (const auto& unmet : rule.unmet)
                text += std::string(policy::name(unmet.condition)) + ": " + unmet.wanted + ": " +
                        unmet.given + "; ";
            return text;
        }
        return std::string("not looked at");
    };
    CHECK(said("guests") == "network: 192.168.0.0/16: 10.0.1.7; ");
    CHECK(said("seal") == "operation: store: retrieve; ");
    CHECK(said("night shift") == "user: doctor, nurse: porter; ");
    CHECK(said("radiology") == "modality: CT, MR: US; institution: St Elsewhere, Radiology*: ; ");
    CHECK(said("reports") == "sop_class: " + report + ": ; ");
    CHECK(said("wards") == "from: ward: reading-room; certificate: san *.wards.example: ; ");
}
