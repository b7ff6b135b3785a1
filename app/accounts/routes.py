"""The pages of accounts: signing in and out, a new account by a one-time link, one's password, inviting colleagues."""

from collections.abc import Sequence
from typing import NoReturn

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts import auth, failures, links, passwords
from app.accounts.auth import Answer, current_account, signed_in
from app.accounts.failures import address, count_failure, email, email_and_address, limit_failures
from app.accounts.forms import ForgottenForm, InviteForm, NewAccountForm, NewPasswordForm, PasswordForm, SignInForm
from app.accounts.models import Account, Link, next_turn
from app.addresses import public_url
from app.database import begin_write
from app.extensions import db
from app.lessons.models import Feed
from app.privacy import audit
from app.refusals import refuse
from app.sessions.models import Seat
from app.teams.models import Membership, Team

accounts = Blueprint("accounts", __name__)

INVITATION_HOURS = 7 * 24
PASSWORD_LINK_HOURS = 1


@accounts.before_app_request
def know_the_account() -> None:
    """Every template may ask for `g.account`; it is read anew for every request."""
    g.pop("account", None)
    if request.endpoint != "static":
        auth.forget_if_signed_out()
        current_account()


@accounts.route("/sign-in", methods=["GET", "POST"])
@limit_failures("10 per 15 minutes", email_and_address)
@limit_failures("100 per hour", email)
@limit_failures("60 per 15 minutes", address)
def sign_in() -> Answer:
    onward = auth.local_path(request.args.get("next"))
    if g.account:
        return redirect(onward or _first_page())
    form = SignInForm()
    if form.validate_on_submit():
        account = _whose(form.email.data, form.password.data)
        if account:
            auth.sign_in(account)
            audit.record("sign_in")
            return redirect(onward or _first_page())
        count_failure()
        _record_failure(form.email.data)
        form.password.errors = [_("That e-mail and password do not belong together. Please try again.")]
    return render_template("accounts/sign_in.html", form=form)


@accounts.post("/sign-out")
def sign_out() -> Answer:
    if g.account:
        audit.record("sign_out")
    auth.sign_out()
    return redirect(url_for("pages.home"))


@accounts.get("/account/new/<token>")
def new_account(token: str) -> Answer:
    """Swap the link for a mark in the cookie, so that it does not stay in the address bar."""
    return redirect(url_for("accounts.make_account")) if links.open_up(token, "account") else _no_link()


@accounts.route("/account/new", methods=["GET", "POST"])
@limit_failures("5 per day", failures.link)
def make_account() -> Answer:
    link = links.carried("account") or _no_link()
    form = NewAccountForm()
    if form.validate_on_submit():
        account = _make_account(link.id, form)
        if account:
            auth.sign_in(account)
            return redirect(_first_page())
        count_failure()  # each says of one address that it has an account here
        form.email.errors = [_("This e-mail cannot be used here. If you have an account already, sign in with it.")]
    return render_template("accounts/new.html", form=form)


@accounts.get("/account/password/<token>")
def new_password(token: str) -> Answer:
    """The same for a link to a new password."""
    return redirect(url_for("accounts.set_password")) if links.open_up(token, "password") else _no_link()


@accounts.route("/account/password/new", methods=["GET", "POST"])
def set_password() -> Answer:
    """A new password for somebody who has forgotten theirs."""
    link = links.carried("password") or _no_link()
    form = NewPasswordForm()
    if form.validate_on_submit():
        account = _set_password(link, form.password.data)
        auth.sign_in(account)
        flash(_("Your password is changed. Every other device has been signed out."))
        return redirect(_first_page())
    account = db.session.get_one(Account, link.account_id)
    return render_template("accounts/new_password.html", form=form, account=account)


@accounts.get("/account")
@signed_in
def account() -> Answer:
    return _account_page()


@accounts.post("/account/password")
@signed_in
@limit_failures("10 per 15 minutes", failures.account_and_address)
@limit_failures("100 per hour", failures.account)
@limit_failures("60 per 15 minutes", address)
def change_password() -> Answer:
    form = PasswordForm()
    if not form.validate():
        return _account_page(password=form)
    before = g.account.password_hash
    if not passwords.is_right(form.current.data, before):
        count_failure()
        form.current.errors = [_("That is not your password now. Please try again.")]
        return _account_page(password=form)
    fresh = passwords.hash_password(form.password.data)
    if not _is_still(g.account, before):
        db.session.rollback()
        form.current.errors = [_("Your password was changed a moment ago, elsewhere. Sign in with the new one.")]
        return _account_page(password=form)
    _renew(g.account, fresh)
    audit.record("password_changed", rows=db.session, account_id=g.account.id)
    db.session.commit()
    auth.sign_in(g.account)
    flash(_("Your password is changed. Every other device has been signed out."))
    return redirect(url_for("accounts.account"))


@accounts.post("/account/invitation")
@signed_in
def invite() -> Answer:
    if not g.account.admin:
        refuse(403, _("Inviting is for the accounts that look after the others. Ask the person who invited you."))
    form = InviteForm.of(_teams())
    if not form.validate():
        return _account_page(invitation=form)
    about = {"kind": form.kind.data, "team_id": form.team.data or None, "created_by": g.account.id}
    begin_write(db.session)
    token = links.make("account", hours=INVITATION_HOURS, **about)
    audit.record("link_made", rows=db.session, detail="account")
    db.session.commit()
    return _account_page(invitation=form, link=public_url("accounts.new_account", token=token))


@accounts.post("/account/password-link")
@signed_in
def password_link() -> Answer:
    """For an administrator: a link by which somebody who forgot their password sets a new one."""
    if not g.account.admin:
        refuse(403, _("Inviting is for the accounts that look after the others. Ask the person who invited you."))
    form = ForgottenForm.of(_others())
    if not form.validate():
        return _account_page(forgotten=form)
    account = db.session.get_one(Account, form.whose.data)
    return _account_page(forgotten=form, link_to_password=password_link_for(account))


def password_link_for(account: Account) -> str:
    """A link that lets this account's person set a new password, once and soon. One that was made before is dead."""
    begin_write(db.session)
    db.session.execute(delete(Link).where(Link.account_id == account.id))
    token = links.make("password", hours=PASSWORD_LINK_HOURS, account_id=account.id)
    audit.record("link_made", rows=db.session, account_id=account.id, detail="password")
    db.session.commit()
    return public_url("accounts.new_password", token=token)


def _no_link() -> NoReturn:
    refuse(404, _("This link has been used, or it is too old. Ask the person who sent it for a new one."))


def _others() -> Sequence[Account]:
    others = select(Account).where(Account.id != g.account.id, Account.name != "")
    return db.session.scalars(others.order_by(Account.name, Account.id)).all()


def _teams() -> Sequence[Team]:
    return db.session.scalars(select(Team).order_by(Team.name)).all()


def _first_page() -> str:
    """Where somebody who has just signed in goes on."""
    return url_for("sessions.index" if g.account.plans else "archive.index")


def _account_page(
    password: PasswordForm | None = None,
    invitation: InviteForm | None = None,
    forgotten: ForgottenForm | None = None,
    link: str | None = None,
    link_to_password: str | None = None,
) -> str:
    return render_template(
        "accounts/account.html",
        password=password or PasswordForm(formdata=None),
        invitation=invitation or (InviteForm.of(_teams(), formdata=None) if g.account.admin else None),
        forgotten=forgotten or (ForgottenForm.of(_others(), formdata=None) if g.account.admin else None),
        link=link,
        link_to_password=link_to_password,
    )


def _record_failure(email: str) -> None:
    """For an account that does not exist, too: it must not take another time. What was typed stays unsaid."""
    found = None if "\x00" in email else db.session.scalar(select(Account.id).where(Account.email == email))
    db.session.rollback()
    audit.record("sign_in_failed", account_id=found)


def _whose(email: str, password: str) -> Account | None:
    """The account that these belong to. Takes as long, and says as little, for an account that does not exist."""
    account = None
    if "\x00" not in email:
        account = db.session.scalar(select(Account).where(Account.email == email))
    if not passwords.is_right(password or "", account.password_hash if account else None) or account is None:
        return None
    if passwords.is_outdated(account.password_hash):
        before, turn = account.password_hash, account.key_turn
        fresh = passwords.hash_password(password)
        if _is_still(account, before):
            account.password_hash = fresh
        db.session.commit()
        if account.key_turn != turn:  # what was right a moment ago is the old password by now
            return None
    return account


def _is_still(account: Account, password_hash: str) -> bool:
    """Whether the account has this hash still, under the lock: hashing takes a while, and others change it too."""
    begin_write(db.session)
    db.session.refresh(account, with_for_update=True)
    return account.password_hash == password_hash


def _set_password(link: Link, password: str) -> Account:
    """Use the link up, and sign every device of its account out."""
    link_id, account_id = link.id, link.account_id
    fresh = passwords.hash_password(password)
    begin_write(db.session)
    found = db.session.get(Link, link_id)
    if found is None or not links.use(found):
        _no_link()
    account = db.session.get_one(Account, account_id)
    _renew(account, fresh)
    audit.record("password_changed", rows=db.session, by_account=account.id, account_id=account.id, detail="link")
    db.session.commit()
    return account


def _renew(account: Account, password_hash: str) -> None:
    """A new password ends every cookie of the account and of its seats, every link that would make another one, and the
    addresses of its feeds.
    """
    account.password_hash = password_hash
    account.key_turn = next_turn(account.key_turn)
    own = select(Seat.id).where(Seat.account_id == account.id)
    db.session.execute(delete(Link).where(Link.seat_id.in_(own), Link.purpose.in_(links.TO_SEATS)))
    db.session.execute(delete(Feed).where(Feed.account_id == account.id))


def _make_account(link_id: int, form: NewAccountForm) -> Account | None:
    """Use the link up and make its account; None if that e-mail has one. The first to send the form has the link."""
    password_hash = passwords.hash_password(form.password.data)
    begin_write(db.session)
    link = db.session.get(Link, link_id) or _no_link()
    kind, admin, team_id = link.kind, link.admin, link.team_id
    if not links.use(link):
        _no_link()
    # The links to the first account, which nobody invited: now there is one.
    db.session.execute(delete(Link).where(Link.purpose == "account", Link.created_by.is_(None)))
    account = Account(email=form.email.data, name=form.name.data, kind=kind, admin=admin, password_hash=password_hash)
    if team_id:
        account.memberships.append(Membership(team_id=team_id, kind=kind))
    db.session.add(account)
    try:
        db.session.flush()
        audit.record("account_made", rows=db.session, by_account=account.id, account_id=account.id, detail=kind or "")
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return None
    return account
