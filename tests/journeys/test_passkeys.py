"""Passkeys in a real Chromium with a device of its own (CDP's virtual authenticator): in by one touch, at our address only."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from bot.clock import ago, now
from bot.people import invitations, passkeys, sign_in, totp
from bot.people.models import Person, Role, SignedIn
from bot.store.session import reading, writing
from tests.journeys.conftest import DESKTOP, PASSPHRASE, PHONE, Watched
from tests.services.databases import Databases
from tests.services.settings import Environment
from tests.services.system import Hotline, free_port, hotlines
from tests.services.waiting import patient

Makes = Callable[..., "Owner"]


@pytest.fixture(scope="module")
def hotline(tmp_path_factory: pytest.TempPathFactory, databases: Databases, keys: dict[str, str]) -> Iterator[Hotline]:
    """At a name: browsers make no key for a bare number."""
    port = free_port()
    with hotlines(tmp_path_factory.mktemp("keys"), databases, keys) as start:
        yield start("sqlite", only=("web",), port=port, public_base_url=f"http://localhost:{port}")


@dataclass
class Owner:
    """Somebody with a browser and a device that holds keys. Touching it and showing who they are is simulated."""

    name: str
    secret: str
    desk: str
    page: Page
    device: CDPSession
    authenticator: str
    database_url: str

    def signs_in(self) -> None:
        self.page.goto(f"{self.desk}/sign-in")
        self.page.fill("[name=name]", self.name)
        self.page.fill("[name=passphrase]", PASSPHRASE)
        self.page.fill("[name=code]", totp.code_at(self.secret, now()))
        self.page.get_by_role("button", name=re.compile("^(Sign in|Entrar)$")).click()
        self.page.wait_for_selector("#queue")

    def adds_a_key(self, name: str = "My phone") -> None:
        self.page.goto(f"{self.desk}/me/keys")
        self.page.fill("main [name=name]", name)
        self.page.get_by_role("button", name=re.compile("Add a passkey|Agregar una llave")).click()
        self.page.get_by_text(re.compile(f"{name} (is added|quedó)")).wait_for(timeout=patient(5))

    def leaves(self) -> None:
        self.page.goto(f"{self.desk}/me")
        self.page.get_by_role("button", name=re.compile("Sign out|Salir")).click()
        self.page.wait_for_url("**/sign-in")

    def touches(self) -> None:
        self.page.goto(f"{self.desk}/sign-in")
        self.page.get_by_role("button", name=re.compile("passkey|llave")).click()

    def sees(self, words: str) -> None:
        self.page.get_by_text(words).first.wait_for(timeout=patient(5))

    def held(self) -> list[dict[str, object]]:
        answer = self.device.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        return list(answer["credentials"])

    def proved_long_ago(self) -> None:
        """Their second factor was shown six minutes ago."""
        with writing(self.database_url) as session:
            for sitting in session.query(SignedIn):
                sitting.proved_at = ago(minutes=6)

    def person(self) -> Person:
        with reading(self.database_url) as session:
            found = sign_in.known(session, self.name)
            assert found
            return found


@pytest.fixture
def owner(browser: Browser, hotline: Hotline, env: Environment) -> Iterator[Makes]:
    watched, contexts = Watched([]), []

    def make(
        name: str,
        role: Role = Role.ORGANIZER,
        *,
        view: dict[str, int] | None = None,
        language: str = "en",
        offers: bool = False,
    ) -> Owner:
        secret = totp.fresh()
        with writing(hotline.database_url) as session:
            invited = invitations.found(session, f"{name}'s line", role)
            invitations.accept(session, invited.token, invited.code, name, PASSPHRASE, secret=secret, language=language)
        context = browser.new_context(viewport=view or DESKTOP)  # type: ignore[arg-type]
        contexts.append(context)
        if not offers:  # a simulated device would choose its key as soon as the page offers to
            context.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
        page = context.new_page()
        watched.watch(page, hotline.address)
        device, authenticator = _device(context, page)
        return Owner(name, secret, f"{hotline.address}/console", page, device, authenticator, hotline.database_url)

    yield make
    for context in contexts:
        context.close()
    assert watched.complaints == []


def _device(context: BrowserContext, page: Page) -> tuple[CDPSession, str]:
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable", {"enableUI": False})
    made = device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return device, str(made["authenticatorId"])


@contextmanager
def not_recognized(owner: Owner) -> Iterator[None]:
    """The device does not know who touches it."""
    state = {"authenticatorId": owner.authenticator}
    owner.device.send("WebAuthn.setUserVerified", {**state, "isUserVerified": False})
    yield
    owner.device.send("WebAuthn.setUserVerified", {**state, "isUserVerified": True})


@pytest.mark.parametrize(("view", "language"), [(DESKTOP, "en"), (PHONE, "es")], ids=["desktop-en", "phone-es"])
def test_a_key_is_made_and_signs_in_by_one_touch(owner: Makes, view: dict[str, int], language: str) -> None:
    luz = owner(f"Luz {language}", view=view, language=language)
    luz.signs_in()
    luz.adds_a_key()
    (held,) = luz.held()
    assert held["isResidentCredential"]
    assert held["rpId"] == "localhost"
    luz.leaves()
    luz.touches()
    luz.page.wait_for_selector("#queue", timeout=patient(5))
    with reading(luz.database_url) as session:
        (key,) = passkeys.of(session, luz.person())
        assert key.last_used_at is not None
        assert key.sign_count > 0


def test_a_touch_stands_in_for_the_code_where_one_is_asked(owner: Makes) -> None:
    ana = owner("Ana", Role.COORDINATOR)
    ana.signs_in()
    ana.adds_a_key()
    ana.proved_long_ago()
    ana.page.goto(f"{ana.desk}/people")
    ana.page.select_option("[name=role]", "verifier")
    ana.page.get_by_role("button", name="Make an invitation").click()
    ana.sees("Shown once")


def test_the_browser_offers_the_key_without_a_button(owner: Makes) -> None:
    iva = owner("Iva", offers=True)
    iva.signs_in()
    iva.adds_a_key()
    iva.page.goto(f"{iva.desk}/me")
    iva.page.get_by_role("button", name="Sign out").click()
    iva.page.wait_for_selector("#queue", timeout=patient(10))


def test_two_clicks_are_one_touch(owner: Makes) -> None:
    """A second question would void the first, whose answer is on its way."""
    zoe = owner("Zoe", Role.COORDINATOR)
    zoe.signs_in()
    zoe.adds_a_key()
    zoe.proved_long_ago()
    zoe.page.goto(f"{zoe.desk}/people")
    zoe.page.select_option("[name=role]", "verifier")
    asked: list[str] = []
    zoe.page.on("request", lambda sent: asked.append(sent.url) if sent.url.endswith("/me/keys/ask") else None)
    zoe.page.get_by_role("button", name="Make an invitation").dblclick()
    zoe.sees("Shown once")
    assert len(asked) == 1


def test_a_device_that_does_not_know_its_owner_opens_nothing_and_the_code_still_does(owner: Makes) -> None:
    mara = owner("Mara", Role.COORDINATOR)
    mara.signs_in()
    mara.adds_a_key()
    mara.proved_long_ago()
    mara.page.goto(f"{mara.desk}/people")
    mara.page.select_option("[name=role]", "verifier")
    with not_recognized(mara):
        mara.page.get_by_role("button", name="Make an invitation").click()
        mara.sees("No passkey was shown")
    with writing(mara.database_url) as session:
        person = sign_in.known(session, mara.name)
        assert person
        person.totp_last_step = 0
    mara.page.fill("[name=code]", totp.code_at(mara.secret, now()))
    mara.page.get_by_role("button", name="Make an invitation").click()
    mara.sees("Shown once")


def test_a_key_made_for_us_is_not_offered_to_another_address(owner: Makes, hotline: Hotline) -> None:
    """The same pages under another name of the same machine: the browser itself has nothing to show there."""
    iris = owner("Iris")
    iris.signs_in()
    iris.adds_a_key()
    iris.leaves()
    lured = iris.page.context.new_page()
    _device(iris.page.context, lured)
    lured.goto(f"http://127.0.0.1:{hotline.settings['PORT']}/console/sign-in")
    said = lured.evaluate(
        """async () => {
            try {
                await navigator.credentials.get({ publicKey: {
                    challenge: new Uint8Array(32), rpId: "localhost", userVerification: "required", timeout: 3000 } });
                return "answered";
            } catch (error) { return error.name; }
        }"""
    )
    assert said == "SecurityError"


@pytest.mark.threat("T24")
def test_our_server_refuses_an_answer_given_at_another_address(owner: Makes, hotline: Hotline) -> None:
    """The key is real, and so is the question; only the page it was answered on is not ours (another port)."""
    nora = owner("Nora")
    nora.signs_in()
    nora.adds_a_key()
    nora.leaves()
    other = f"http://localhost:{free_port()}"
    nora.page.goto(f"{nora.desk}/sign-in")
    token = nora.page.locator("[name=csrf_token]").first.input_value()
    asked = nora.page.request.post(f"{nora.desk}/sign-in/key/ask", form={"csrf_token": token})
    nora.page.context.route(f"{other}/**", lambda route: route.fulfill(content_type="text/html", body="<p>not us</p>"))
    lured = nora.page.context.new_page()
    device, authenticator = _device(nora.page.context, lured)
    for held in nora.held():
        device.send("WebAuthn.addCredential", {"authenticatorId": authenticator, "credential": held})
    lured.goto(other)
    answer = lured.evaluate(ANSWERED, asked.json()["challenge"])
    sent = nora.page.request.post(
        f"{nora.desk}/sign-in/key", form={"csrf_token": token, "key": answer}, max_redirects=0
    )
    assert sent.status == 401
    assert "That passkey did not work here" in sent.text()


ANSWERED = """async (challenge) => {
    const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const plain = (b) => btoa(String.fromCharCode(...new Uint8Array(b)));
    const text = (b) => plain(b).replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "");
    const key = await navigator.credentials.get({ publicKey: { challenge: bytes(challenge), userVerification: "required" } });
    const response = {};
    const parts = ["clientDataJSON", "authenticatorData", "signature", "userHandle"];
    for (const part of parts) response[part] = text(key.response[part]);
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
}"""


def test_whose_access_was_ended_does_not_come_in_by_touch(owner: Makes) -> None:
    vera = owner("Vera", Role.VERIFIER)
    vera.signs_in()
    vera.adds_a_key()
    vera.leaves()
    with writing(vera.database_url) as session:
        sign_in.revoke(session, session.get_one(Person, vera.person().id))
    vera.touches()
    vera.sees("That passkey did not work here")


def test_a_device_without_a_key_of_ours_says_so_in_words(owner: Makes) -> None:
    teo = owner("Teo")
    teo.touches()
    teo.sees("No passkey was shown")
    teo.signs_in()
