"""An evening in Medan as it was until a moment ago: sixty incidents that are over, fourteen that are not; and the two days
before it.

Everything goes through the law itself, in the order it happened and at the time it happened, so that diaries,
medians, late marks, threads and the chain of events are what a real evening leaves behind.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from random import Random

from console.demo.before import BLOCKED, before
from console.demo.past import over
from console.demo.people import KNOWN_CITIZENS, STAFF
from console.demo.scenes import Scene, Where, scenes
from console.demo.story import REPORTER, Beat, Story
from console.demo.yesterday import days_before
from models.roles import Role

PAST, FIRST_MINUTES, LAST_MINUTES = 60, 330, 40  # how many are over; when the first and the last of them were filed
NEW_CITIZENS = 40  # from here on they have never reported before
SILENT = "dewi"  # her console has gone silent: anyone may reclaim what she holds
PLAYED = tuple(login for login, _, _, role, known in STAFF if role == Role.OFFICER and not known)


def evening(seed: int, start: datetime) -> list[Story]:
    """The same for the same seed and start, in the order of filing."""
    rng = Random(f"evening {seed}")
    told = [*past(rng), *now_open(rng), *before(rng), *days_before(rng, start)]
    return sorted(told, key=lambda story: -story.ago)


def past(rng: Random) -> Iterator[Story]:
    drawn = scenes(rng)
    for n in range(PAST):
        scene = next(drawn)
        ours = n % 9 == 4 and not scene.prank
        reporter = n // 9 % KNOWN_CITIZENS if ours else rng.randrange(KNOWN_CITIZENS, min(BLOCKED))
        ago = 60 * (FIRST_MINUTES - (FIRST_MINUTES - LAST_MINUTES) * (n + rng.random()) / PAST)
        yield over(f"past {n}", ago, scene, reporter, rng)


def now_open(rng: Random) -> list[Story]:
    """What stands on the board when the demo begins: every status, every priority, a few of them late."""

    def scene(category: str, village: str, landmark: str, words: str) -> Scene:
        return Scene(category, words, Where.at(village, landmark, rng))

    fire = scene("KEBAKARAN", "Sukaramai II", "Jl. A.R. Hakim, gang padat",
        "Rumah papan terbakar di gang padat, api sudah ke atap tetangga. Masih ada orang tua di dalam.")  # fmt: skip
    lost = scene("PUNGLI", "Kwala Bekala", "parkiran dekat gereja tadi itu",
        "Diminta uang parkir lima puluh ribu, katanya kalau tidak kasih kaca dipecahkan.")  # fmt: skip
    also = [replace(fire, words=words) for words in (
        "Ada kebakaran di gang sebelah, asapnya masuk ke rumah kami.",
        "Api besar dekat Jl. A.R. Hakim, orang-orang sudah angkut barang ke jalan.")]  # fmt: skip
    return [
        Story("brawl", 38, scene("TAWURAN_GENG", "Sidorejo", "Jl. Letda Sujono, simpang rel",
            "Geng motor kumpul sekitar tiga puluh orang bawa kelewang, mau serang kampung sebelah."), NEW_CITIZENS, (),
            ("TAWURAN_GENG-film1",)),
        Story("lost", 64, replace(lost, where=replace(lost.where, told=False)), 1),
        Story("robbery", 252, scene("CURAS_BEGAL", "Babura", "Jl. Iskandar Muda, depan minimarket",
            "Dua orang naik matic hitam rampas tas ibu saya, yang dibonceng pegang celurit. Lari ke arah Jl. Gajah Mada. "
            "Tangan ibu luka gores."), 0, (
            Beat(31, "hendra", "claim"),
            Beat(58, "hendra", "look"),
            Beat(120, "hendra", "ask", {"words": "Apakah Ibu aman sekarang?"}),
            Beat(176, REPORTER, "reply", {"words": "Sudah di dalam minimarket pak. Mereka belum balik."})),
            ("CURAS_BEGAL-1", "CURAS_BEGAL-2", "CURAS_BEGAL-film1")),
        Story("crash", 485, scene("LAKA", "Amplas", "Bawah jalan layang Amplas",
            "Sepeda motor tabrakan sama angkot 64, dua orang luka, satu tidak sadar."), 11, (
            Beat(22, "yusuf", "claim"),
            Beat(70, "yusuf", "dispatch", {"n": 3, "modifier": ["injured"]}),
            Beat(86, "yusuf", "refer", {"agency": "AMBULANS_119", "tier": "summary", "note": "Dua korban luka."}),
            Beat(131, "ambulans", "accept", {"note": "Satu unit berangkat."})), ("LAKA-1",)),
        Story("fire", 1446, fire, 17, (
            Beat(25, "maruli", "claim"),
            Beat(62, "maruli", "dispatch", {"n": 8, "modifier": ["fire", "crowd"]}),
            Beat(75, "maruli", "refer", {"agency": "DAMKARMAT", "tier": "full", "note": "Gang sempit, masuk dari Jl. Puri."}),
            Beat(190, "damkarmat", "accept", {"note": "Tiga unit meluncur."}),
            Beat(240, "maruli", "note", {"words": "PLN sudah dihubungi, listrik diputus."}),
            Beat(522, "maruli", "arrive"),
            Beat(700, "maruli", "ask", {"words": "Apakah semua penghuni sudah keluar?"}),
            Beat(760, REPORTER, "reply", {"words": "Kakek sudah dibawa keluar pak, tinggal barang-barang."})),
            ("KEBAKARAN-1", "KEBAKARAN-2", "KEBAKARAN-film1")),
        Story("fire too", 1380, also[0], 21, (Beat(95, "maruli", "merge", {"into": "fire"}),), ("KEBAKARAN-3",)),
        Story("fire again", 1301, also[1], 26, (Beat(60, "maruli", "merge", {"into": "fire"}),)),
        Story("motorbike", 341, scene("CURANMOR", "Helvetia Tengah", "Parkiran ruko Jl. Matahari Raya",
            "Motor Vario hitam BK 4471 AJD hilang dari parkiran ruko. CCTV kelihatan dua orang."), 12, (), ("CURANMOR-1",)),
        Story("race", 1290, scene("BALAP_LIAR", "Suka Damai", "Jl. Adi Sucipto, dua arah",
            "Balap liar di jalan lurus depan bandara lama, tutup jalan dua arah, ratusan penonton."), 30, (
            Beat(95, "suresh", "claim"),
            Beat(160, "suresh", "dispatch", {"n": 6, "modifier": ["crowd"]})), ("BALAP_LIAR-1",)),
        Story("missing", 1132, scene("ORANG_HILANG", "Gedung Johor", "Jl. Karya Wisata, dekat sekolah",
            "Anak saya umur sembilan tahun belum pulang dari mengaji sejak magrib, baju koko putih."), 2, (
            Beat(64, SILENT, "claim"),
            Beat(150, SILENT, "ask", {"words": "Terakhir terlihat di mana dan bersama siapa?"}),
            Beat(230, REPORTER, "reply", {"words": "Di depan mesjid pak, sama kawannya dua orang naik sepeda."}),
            Beat(1080, "", "lapse")), ("ORANG_HILANG-1",)),
        Story("thugs", 1875, scene("PERAS_PREMAN", "Pusat Pasar", "Pintu timur Pusat Pasar",
            "Preman minta uang keamanan tiap lapak lima puluh ribu, yang tidak kasih dagangannya ditendang."), 1, (
            Beat(110, "hendra", "claim"),
            Beat(171, "hendra", "dispatch", {"n": 4}),
            Beat(905, "hendra", "arrive"),
            Beat(960, "hendra", "note", {"words": "Dua pedagang bersedia jadi saksi."}))),
        Story("noise", 183, scene("KERIBUTAN", "Tanjungsari", "Jl. Setia Budi, kafe lantai dua",
            "Kafe lantai dua musiknya kuat kali pak, anak saya besok ujian."), 8),
        Story("traffic", 1360, scene("MACET", "Sukaraja", "Jl. Juanda, bawah jalan layang",
            "Lampu merah mati total, angkot saling serobot, tidak ada yang atur."), 33, (
            Beat(402, "kevin", "claim"),
            Beat(455, "kevin", "dispatch", {"n": 2}),
            Beat(470, "kevin", "refer", {"agency": "DISHUB", "tier": "presence", "note": "Lampu simpang mati."}))),
        Story("home", 640, scene("KDRT_PPA", "Kwala Bekala", "Jl. Luku, dekat gereja",
            "Tetangga saya dipukuli suaminya, terdengar minta tolong, anaknya dua orang menangis."), 24, (
            Beat(28, "rizal", "claim"),
            Beat(79, "rizal", "dispatch", {"n": 4, "modifier": ["children"]}),
            Beat(131, "rizal", "ask", {"words": "Apakah Ibu itu masih di dalam rumah? Jangan masuk sendiri dulu ya."}),
            Beat(188, REPORTER, "reply", {"words": "Masih di dalam pak, sekarang sudah diam. Kami tunggu di pos kamling."}),
            Beat(552, "rizal", "arrive"))),
        Story("officer", 840, scene("OKNUM", "Petisah Tengah", "Jl. Rotan, belakang Pajak Petisah",
            "Oknum berseragam minta uang damai tiga ratus ribu waktu saya ditilang, tidak ada surat tilang."), 19),
        Story("far away", 410, scene("CURAT", "Tanjung Mulia Hilir", "Jl. K.L. Yos Sudarso, gudang ikan",
            "Gudang ikan dibobol, dua mesin es diangkut pakai pickup."), 28, (
            Beat(121, "suresh", "claim"),
            Beat(160, "suresh", "note", {"words": "Di luar wilayah: sudah ditelepon ke piket Polres Pelabuhan Belawan."}),
            Beat(185, "suresh", "refer", {"agency": "POLRES_BELAWAN", "tier": "full", "note": "Mohon ditindaklanjuti."})),
            ("CURAT-1",)),
        Story("papers", 3120, scene("BARANG_HILANG", "Gaharu", "Jl. Stasiun, samping kereta api",
            "Dompet hilang di angkot, isinya KTP, SIM dan kartu ATM. Bagaimana urus surat kehilangan?"), 37,
            caller=("kevin", "Ibu Ratih", "+6281100007719")),
    ]  # fmt: skip
