"""The journal in words: a line for every event, as whoever reads it would say it. Steps of a case say what its diary says."""

from datetime import datetime
from string import Formatter
from typing import Any

from console.pages.diary import sentence_of_step
from console.pages.words import say
from models.city.unit import UNIT_WORDS, UnitState
from models.command.shifts import State
from models.errors import N_
from models.reading.journal import Done
from models.roles import RIGHTS, Role
from models.time import local
from models.workflow import ROWS

WORDS = {
    # Shifts
    "open_shift": N_("membuka Regu {regu}"),
    "start_shift": N_("Regu {regu} mulai bertugas"),
    "close_shift": N_("menutup Regu {regu}: {reason}"),
    "change_lead": N_("menunjuk {name} sebagai Pawas"),
    "muster": N_("mengapel {name}: {state} {note}"),
    "add_to_shift": N_("menambah {name} ke regu"),
    "take_off_shift": N_("mengeluarkan {name} dari regu"),
    "send_home": N_("memulangkan {name} tanpa pengganti"),
    "relieve": N_("{name} digantikan {by}"),
    # Handover
    "note_case": N_("menulis catatan serah terima"),
    "freeze": N_("membekukan daftar serah terima: {cases} kejadian pada peristiwa {at}"),
    "accept_case": N_("menerima satu kejadian"),
    "send_back": N_("mengembalikan satu kejadian dengan pertanyaan"),
    "reply_case": N_("menjawab pertanyaan serah terima"),
    "sign_handover": N_("{name} menandatangani serah terima"),
    # Strength and vehicles
    "add_unit": N_("mendaftarkan {callsign}"),
    "change_unit": N_("mengubah {callsign}"),
    "report_unit": N_("{callsign}: {state} {note}"),
    "retire_unit": N_("menghapus {callsign}"),
    "strength": N_("menyatakan {strength} orang di pos {station}: {reason}"),
    "count_again": N_("kekuatan pos {station} dihitung dari apel: {strength}"),
    "set_least": N_("batas paling sedikit pos {station}: {least}"),
    # Who listens
    "fall_silent": N_("tidak ada konsol yang mendengar"),
    "hear_again": N_("konsol mendengar lagi"),
    "warn_of_silence": N_("memberi tahu {to} bahwa tidak ada konsol yang mendengar"),
    # What is only practised
    "start_exercise": N_("memulai latihan: {reason}"),
    "end_exercise": N_("mengakhiri latihan: {reason}"),
    # Reporters' accounts
    "strike": N_("mencatat teguran ke-{nth}"),
    "confirm": N_("mengesahkan teguran ketiga"),
    "acquit": N_("tidak menyetujui teguran ketiga: {reason}"),
    "unlift": N_("memberlakukan lagi satu teguran"),
    "expire": N_("satu teguran kedaluwarsa"),
    "lift": N_("mencabut satu teguran: {reason}"),
    "block": N_("memblokir satu akun pelapor"),
    "answer": N_("menjawab satu banding"),
    # Bulletins and walls
    "publish": N_("menerbitkan pengumuman “{title}”"),
    "rewrite": N_("mengubah pengumuman “{title}”"),
    "withdraw": N_("menarik pengumuman “{title}”"),
    "pair": N_("memasang layar dinding {name}"),
    "adjust": N_("menyetel layar dinding {name}"),
    "unpair": N_("melepas layar dinding {name}"),
    "put_away": N_("menyingkirkan layar dinding {name} yang sudah lama mati"),
    "highlight": N_("menulis yang menonjol pada {day}"),
    "deputise": N_("menjadikan {whom} pejabat sementara sampai {until}: {reason}"),
    "end_deputy": N_("mengakhiri wewenang sementara {whom}"),
    "add_brief": N_("menulis atensi"),
    "read_brief": N_("membaca atensi"),
    "end_brief": N_("mengakhiri atensi"),
    "bookmark": N_("menandai peristiwa {of} untuk anev"),
    # The staff
    "enlist": N_("membuat akun {login}, {name}"),
    "reappoint": N_("mengubah akun {name}"),
    "retire": N_("menonaktifkan akun {whom}"),
    "reinstate": N_("mengaktifkan lagi akun {whom}"),
    "reset_password": N_("memberi {whom} kata sandi baru"),
    "require_factor": N_("mengubah kewajiban faktor kedua {whom}"),
    "reset_factors": N_("menghapus faktor kedua {whom}"),
    "revoke": N_("mengakhiri semua sesi satu akun"),
    "add_factor": N_("menambah faktor kedua “{name}”"),
    "drop_factor": N_("menghapus faktor kedua “{name}”"),
    "renew_codes": N_("membuat lembar kode pemulihan baru"),
    "use_code": N_("masuk dengan kode pemulihan"),
    "wrong_password": N_("kata sandi salah untuk {whom}"),
    "wrong_factor": N_("faktor kedua salah untuk {whom}"),
    "change_password": N_("mengganti kata sandinya"),
    "add_member": N_("memasukkan anggota {name}"),
    "change_member": N_("mengubah anggota {name}"),
    "retire_member": N_("mengeluarkan anggota {name}"),
    "reinstate_member": N_("memasukkan lagi anggota {name}"),
    # Stations, partners, kinds
    "open_station": N_("membuka pos {name}"),
    "rename_station": N_("mengganti nama pos {was} menjadi {name}"),
    "move_station": N_("memindahkan titik pos {station}"),
    "close_station": N_("menutup pos {name}"),
    "reopen_station": N_("membuka lagi pos {name}"),
    "add_agency": N_("menambah instansi {name}"),
    "number_agency": N_("mengganti nomor {name}: {phone}"),
    "line_agency": N_("mengganti nomor tautan {name}: {to}"),
    "rename_agency": N_("mengganti nama instansi {was} menjadi {name}"),
    "close_agency": N_("menutup instansi {name}"),
    "reopen_agency": N_("membuka lagi instansi {name}"),
    "add_category": N_("menambah jenis {label_id}"),
    "change_category": N_("mengubah jenis {label_id}"),
    "add_modifier": N_("menambah tanda {label_id}"),
    "change_modifier": N_("mengubah tanda {label_id}"),
    "change_target": N_("mengubah target P{priority}"),
    # The house
    "make_key": N_("membuat kunci untuk {name}"),
    "revoke_key": N_("mencabut kunci {name}"),
    "set_period": N_("mengubah masa simpan: {kind}"),
    "sweep": N_("menghapus yang habis masa simpannya: {count}"),
    "close_segment": N_("menutup satu bagian catatan"),
    "begin_segment": N_("kunci catatan diganti"),
}
SYSTEM = N_("sistem")
OPERATOR = N_("pengelola server")
BY_ITSELF = N_("latihan berakhir sendiri: {reason}")
NAMED = {step: {name for _, name, _, _ in Formatter().parse(words) if name} for step, words in WORDS.items()}


def role(by: str, locale: str) -> str:
    return say(locale, RIGHTS[Role(by)].named)


def who(done: Done, locale: str) -> str:
    """By name; without an account it was the clock, or whoever has the machine."""
    if done.who:
        return done.who.title
    return say(locale, OPERATOR if done.event.by_role == Role.ADMIN else SYSTEM)


def told(done: Done, locale: str, names: dict[int, str], stations: dict[int, str]) -> str:
    """`names`: of the staff, `stations`: of the posts, by id."""
    event = done.event
    if event.step in ROWS and event.step not in WORDS:
        return sentence_of_step(event, who(done, locale), names.get, locale)
    said: dict[str, Any] = {name: "" for name in NAMED[event.step]} | event.body
    if event.step == "muster":
        said["state"] = say(locale, State(event.body["state"]).word)
    if event.step == "report_unit":
        said["state"] = say(locale, UNIT_WORDS[UnitState(event.body["state"])])
    if event.step == "deputise":
        said["until"] = local(datetime.fromisoformat(event.body["until"])).strftime("%d/%m %H:%M")
    said["whom"] = names.get(event.body.get("person") or event.body.get("officer") or 0, "")
    if isinstance(said.get("station"), int):
        said["station"] = stations.get(said["station"], "")
    words = BY_ITSELF if event.body.get("by_itself") else WORDS[event.step]
    return say(locale, words, said).strip().rstrip(": ")
