"""The pages of accounts: signing in and out, a new account by a one-time link, one's password, inviting colleagues."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import auth, links, passwords
from app.accounts.auth import Answer, current_account, signed_in
from app.accounts.failures import address, count_failure, email, email_and_address, limit_failures
from app.accounts.forms import InviteForm, NewAccountForm, PasswordForm, SignInForm
from app.accounts.models import Account, AccountKind, Link
from app.addresses import public_url
from app.database import begin_write
from app.extensions import db
from app.refusals import refuse

accounts = Blueprint("accounts", __name__)

INVITATION_HOURS = 7 * 24


@accounts.before_app_request
def know_the_account() -> None:
    """Every template may ask for `g.account`; it is read anew for every request."""
    g.pop("account", None)
    if request.endpoint != "static":
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
            return redirect(onward or _first_page())
        count_failure()
        form.password.errors = [_("That e-mail and password do not belong together. Please try again.")]
    return render_template("accounts/sign_in.html", form=form)


@accounts.post("/sign-out")
def sign_out() -> Answer:
    auth.sign_out()
    return redirect(url_for("pages.home"))


@accounts.route("/account/new/<token>", methods=["GET", "POST"])
def new_account(token: str) -> Answer:
    link = links.find(token, "account")
    if link is None:
        refuse(404, _("This link has been used, or it is too old. Ask the person who sent it for a new one."))
    form = NewAccountForm()
    if form.validate_on_submit():
        account = _make_account(link.id, form)
        if account:
            auth.sign_in(account)
            return redirect(_first_page())
        form.email.errors = [_("This e-mail cannot be used here. If you have an account already, sign in with it.")]
    return render_template("accounts/new.html", form=form)


@accounts.get("/account")
@signed_in
def account() -> Answer:
    return _account_page()


@accounts.post("/account/password")
@signed_in
@limit_failures("10 per 15 minutes", address)
def change_password() -> Answer:
    form = PasswordForm()
    if not form.validate():
        return _account_page(password=form)
    if not passwords.is_right(form.current.data, g.account.password_hash):
        count_failure()
        form.current.errors = [_("That is not your password now. Please try again.")]
        return _account_page(password=form)
    fresh = passwords.hash_password(form.password.data)
    begin_write(db.session)
    g.account.password_hash = fresh
    g.account.key_turn += 1
    db.session.commit()
    auth.sign_in(g.account)
    flash(_("Your password is changed. Every other device has been signed out."))
    return redirect(url_for("accounts.account"))


@accounts.post("/account/invitation")
@signed_in
def invite() -> Answer:
    if not g.account.admin:
        refuse(403, _("Inviting is for the accounts that look after the others. Ask the person who invited you."))
    form = InviteForm()
    if not form.validate():
        return _account_page(invitation=form)
    begin_write(db.session)
    token = links.make("account", hours=INVITATION_HOURS, kind=form.kind.data, created_by=g.account.id)
    db.session.commit()
    return _account_page(invitation=form, link=public_url("accounts.new_account", token=token))


def _first_page() -> str:
    """Where somebody who has just signed in goes on."""
    return url_for("sessions.index" if g.account.kind == AccountKind.MODERATOR else "accounts.account")


def _account_page(
    password: PasswordForm | None = None, invitation: InviteForm | None = None, link: str | None = None
) -> str:
    return render_template(
        "accounts/account.html",
        password=password or PasswordForm(formdata=None),
        invitation=invitation or InviteForm(formdata=None),
        link=link,
    )


def _whose(email: str, password: str) -> Account | None:
    """The account that these belong to. Takes as long, and says as little, for an account that does not exist."""
    account = None
    if "\x00" not in email:
        account = db.session.scalar(select(Account).where(Account.email == email))
    if not passwords.is_right(password or "", account.password_hash if account else None) or account is None:
        return None
    if passwords.is_outdated(account.password_hash):
        fresh = passwords.hash_password(password)
        begin_write(db.session)
        account.password_hash = fresh
        db.session.commit()
    return account


def _make_account(link_id: int, form: NewAccountForm) -> Account | None:
    """Use the link up and make its account; None if that e-mail has one. The first to send the form has the link."""
    password_hash = passwords.hash_password(form.password.data)
    begin_write(db.session)
    link = db.session.get_one(Link, link_id)
    if not links.use(link):
        db.session.rollback()
        refuse(404, _("This link has been used, or it is too old. Ask the person who sent it for a new one."))
    account = Account(
        email=form.email.data, name=form.name.data, kind=link.kind, admin=link.admin, password_hash=password_hash
    )
    db.session.add(account)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return None
    return account
