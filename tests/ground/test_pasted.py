"""A point pasted among words, as people's phones, papers and radios spell it."""

import pytest

from console.ground.pasted import point_in, point_of, readable, short_link_in
from console.ground.places import Place, WrongPlace, distance_m

THERE, HERE = Place(3.5301, 98.7250), Place(3.59, 98.67)
MAPS = "https://www.google.com/maps"
PLACE = f"{MAPS}/place/Warung/@3.5000,98.7000,15z/data=!3m1!4b1!4m5!3m4!1s0x0:0x0!8m2!3d3.5301!4d98.7250"

SPELLINGS = [
    "3.5301, 98.7250", "3.5301,98.7250", "3.530100 98.725000", "(3.53010, 98.72500)", "3.5301; 98.7250", "3.5301/98.7250",
    "3,5301 98,7250", "3,5301, 98,7250", "3,5301;98,7250", "3,5301,98,7250",
    "begal di 3.5301 98.7250 depan ruko, cepat pak", "lat: 3.5301, lng: 98.7250", "lintang 3.5301 bujur 98.7250",
    "3.5301° N, 98.7250° E", "3.5301 LU 98.7250 BT", "98.7250 BT, 3.5301 LU", "3.5301°, 98.7250°",
    "3°31'48\"N 98°43'30\"E", "3° 31′ 48″ N, 98° 43′ 30″ E", "3°31’48.36”N 98°43’30”E", "3º31'48,4\"N 98º43'30,0\"E",
    "3°31'48\" LU, 98°43'30\" BT", "LU 3°31'48\" BT 98°43'30\"", "98°43'30\" BT 3°31'48\" LU", "3°31.806'N 98°43.5'E",
    "3 derajat 31 menit 48 detik LU 98 derajat 43 menit 30 detik BT",
    "geo:3.5301,98.7250", "geo:3.5301,98.7250?z=17",
    "6MMWGPJG+22", "6mmwgpjg+22 Medan", "6MMWGPJG+2222", "GPJG+22 Medan", "dekat GPJG+22, Kota Medan",
    f"{MAPS}/@3.5301,98.7250,17z", f"{MAPS}?q=3.5301,98.7250", f"{MAPS}?q=3.5301%2C98.7250", "https://maps.google.com/?ll=3.5301,98.7250&z=17",
    f"{MAPS}/search/3.5301,+98.7250", f"{MAPS}/search/?api=1&query=3.5301%2C98.7250", f"saya di sini {PLACE}",
    f"{MAPS}/place/3%C2%B031'48.0%22N+98%C2%B043'30.0%22E/@3.6,98.6,17z", "https://maps.apple.com/?ll=3.5301,98.7250",
    f"{MAPS}/dir/?api=1&destination=3.5301,98.7250", "https://www.openstreetmap.org/?mlat=3.5301&mlon=98.7250#map=17/3.5/98.7",
]  # fmt: skip


@pytest.mark.parametrize("words", SPELLINGS)
def test_every_spelling_is_met_within_thirty_metres(words: str) -> None:
    at = point_in(words, HERE)
    assert at and distance_m(at, THERE) < 30


def test_degrees_of_the_south_and_of_no_fraction_are_read_too() -> None:
    assert point_in("6°10'30\" LS, 106°49'38\" BT") == Place(-6.175, 106.827222)
    assert point_in("-6.1750, 106.8272") == Place(-6.175, 106.8272)
    assert point_in("geo:3.53,98.72") == point_in("3.53, 98.72") == point_in("3,53 98,72") == Place(3.53, 98.72)


@pytest.mark.parametrize(
    "words",
    [
        "", "jl gatot subroto no 12", "0812 3456 7890", "Rp 3.500.000 dan 98.000", "192.168.1.1 8.8.8.8", "blok 3,5 98,7",
        "jl a no 3.1234", "3.5301", "pukul 21.30, 98 orang", "https://maps.app.goo.gl/AbCdEf123", "20262029+21", "suhu 38° lalu",
    ],
)  # fmt: skip
def test_what_is_no_point_is_left_alone(words: str) -> None:
    assert point_in(words, HERE) is None


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("98.7250, 3.5301", "swapped"), ("52.5200, 13.4050", "outside_indonesia"), ("geo:0,0", "nan"),
        ("3,5301 -98,7250", "outside_indonesia"), (f"{MAPS}/@98.7250,3.5301,17z", "swapped"), ("8FVC9G8F+6X", "outside_indonesia"),
    ],
)  # fmt: skip
def test_a_point_that_cannot_be_is_refused_beside_its_field(words: str, reason: str) -> None:
    with pytest.raises(WrongPlace) as refused:
        point_of("place", words, HERE)
    assert (refused.value.field, refused.value.reason) == ("place", reason)


def test_of_a_link_its_point_is_kept_and_a_closed_one_stays_as_it_is() -> None:
    assert readable(f"saya di sini {PLACE} tolong") == "saya di sini 3.530100, 98.725000 tolong"
    closed = "sini https://maps.app.goo.gl/AbCdEf123"
    assert readable(closed) == closed and short_link_in(closed) and short_link_in("goo.gl/maps/xyz")
    assert not short_link_in(PLACE) and not short_link_in("jl gatot subroto")
