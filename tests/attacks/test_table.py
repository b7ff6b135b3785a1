"""Every bad input and attack, and the tests that prove what is required of it: a test that goes leaves a gap here."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
PACKETS, DOORS, ROLES, FLOOD = (f"attacks/test_{name}.py" for name in ("packets", "doors", "roles", "flood"))
PAGES, WORDS, SEALS, NAMING, FRAMES = (
    f"attacks/test_{name}.py" for name in ("pages", "words", "seals", "naming", "frames")
)
IN_FORMS, IN_PAGES, IN_EXPORTS = (f"attacks/test_words_in_{name}.py" for name in ("forms", "pages", "exports"))
LINKS = "attacks/test_typed_links.py"
SILENT, SLOW = (f"attacks/test_flood_{name}.py" for name in ("silent", "slow"))
DATABASES, ELSES, NEW_ROLES = (f"attacks/test_{name}.py" for name in ("databases", "somebody_elses", "new_roles"))
LIMITS = "deploy/test_shared_limits.py"
LIVE, JOINING, SEATS, VIEW, NAMES = (
    f"sessions/test_{name}.py" for name in ("live", "joining", "seats", "view", "names")
)
SIGN_IN, ACCOUNT, CONFIG, SERVER = (
    "accounts/test_sign_in.py",
    "accounts/test_account.py",
    "test_config.py",
    "test_server.py",
)
BROWSER = "browser/test_hostile_words.py"

TABLE: dict[str, list[tuple[str, str]]] = {
    "1 unknown event": [
        (LIVE, "test_an_unknown_event_is_answered"),
        (PACKETS, "test_a_name_of_no_command_is_an_unknown_event"),
    ],
    "2 wrong type, arity, NaN, 2^63, nested": [
        (PACKETS, "test_a_wrong_type_is_invalid_and_nothing_is_coerced"),
        (PACKETS, "test_too_few_and_too_many_arguments_are_answered"),
        (FRAMES, "test_a_value_that_json_does_not_have_ends_the_connection"),
        (FRAMES, "test_a_number_beyond_every_bound_is_invalid_or_ends_the_connection"),
        (FRAMES, "test_what_is_no_packet_ends_its_connection"),
        (FRAMES, "test_what_is_not_even_a_frame_of_ours_ends_its_connection"),
        (FRAMES, "test_what_asks_for_nothing_is_answered_by_nothing"),
    ],
    "3 extra fields": [
        (PACKETS, "test_extra_fields_are_rejected_and_not_ignored"),
        (PACKETS, "test_extra_fields_of_other_events_are_rejected_too"),
    ],
    "4 auth that is no object": [(LIVE, "test_auth_that_is_no_object_is_refused")],
    "5 a text of a megabyte": [
        (FRAMES, "test_a_packet_of_64_kb_is_still_answered"),
        (FRAMES, "test_a_packet_of_one_byte_more_ends_the_connection"),
        (FRAMES, "test_a_message_of_a_megabyte_ends_the_connection"),
        (FRAMES, "test_a_message_in_fragments_without_end_is_cut_off_too"),
        (PACKETS, "test_a_text_is_as_long_as_4000_characters"),
    ],
    "6 binary, deep JSON": [
        (FRAMES, "test_a_binary_frame_ends_its_connection"),
        (FRAMES, "test_whoever_announces_something_binary_is_cut_off_before_it_comes"),
        (FRAMES, "test_a_thousand_levels_of_json_are_refused"),
        (FRAMES, "test_text_that_is_no_utf8_ends_the_connection"),
    ],
    "7 ten thousand contributions": [
        (FLOOD, "test_thirty_contributions_a_minute_are_taken_and_the_next_comes_back_for_later"),
        (FLOOD, "test_a_session_holds_2000_contributions_and_says_so"),
        (BROWSER, "test_a_room_with_two_thousand_contributions_can_still_be_used"),
    ],
    "8 NUL, control characters, lone surrogates": [
        (WORDS, "test_every_text_field_of_every_command_takes_it_clean"),
        (WORDS, "test_no_text_field_is_left_out"),
        (IN_FORMS, "test_every_field_of_every_form_keeps_it_clean_or_shows_it_again_as_text"),
        (IN_FORMS, "test_every_field_of_the_api_keeps_it_clean_or_says_what_is_wrong"),
        (DATABASES, "test_a_contribution_has_the_same_result_on_both_databases"),
        (DATABASES, "test_a_name_has_the_same_result_on_both_databases"),
        (DATABASES, "test_titles_have_the_same_result_on_both_databases"),
        (DATABASES, "test_a_search_has_the_same_result_on_both_databases"),
    ],
    "9 right to left, zero width": [
        (NAMES, "test_a_name_is_kept_without_what_nobody_sees"),
        (WORDS, "test_titles_teams_and_names_are_one_line_without_what_nobody_sees"),
        (IN_PAGES, "test_no_text_turns_the_words_beside_it"),
        (BROWSER, "test_the_room_lets_no_text_turn_the_words_beside_it"),
    ],
    "10 blank": [(PACKETS, "test_a_text_of_which_nothing_can_be_seen_is_empty")],
    "11 long word, storm of marks": [(BROWSER, "test_record_and_invitation_show_it_as_text")],
    "12 client-named room or namespace": [
        (PACKETS, "test_a_namespace_that_a_client_names_is_not_there"),
        (PACKETS, "test_a_room_that_a_client_names_is_not_joined"),
        (LIVE, "test_a_seat_opens_no_other_room"),
    ],
    "13 HTML and JS in every field, page and file": [
        (IN_FORMS, "test_every_field_has_a_row"),
        (IN_FORMS, "test_every_field_of_every_form_keeps_it_clean_or_shows_it_again_as_text"),
        (IN_FORMS, "test_what_is_too_long_comes_back_as_text"),
        (IN_PAGES, "test_every_page_has_a_row"),
        (IN_PAGES, "test_every_column_with_words_has_been_typed_into"),
        (IN_PAGES, "test_every_page_shows_it_as_text_and_as_nothing_else"),
        (IN_EXPORTS, "test_every_format_has_a_parser"),
        (IN_EXPORTS, "test_every_file_holds_it_as_text_and_as_nothing_else"),
        (IN_EXPORTS, "test_what_is_sent_out_holds_it_as_text"),
        (BROWSER, "test_the_room_shows_it_as_text"),
    ],
    "14 javascript: and data: links": [(PAGES, "test_the_link_of_the_call_is_a_web_address")],
    "15 {{7*7}}": [
        (IN_PAGES, "test_every_page_shows_it_as_text_and_as_nothing_else"),
        ("export/test_pdf_plan.py", "test_what_people_typed_is_on_the_page_as_they_typed_it"),
    ],
    "16 CSV formulas": [("export/test_actions_csv.py", "test_a_cell_that_a_spreadsheet_would_reckon_with_is_text")],
    "17 DOCX control characters, field codes": [
        ("export/test_docx.py", "test_what_people_typed_is_text_and_nothing_else")
    ],
    "18 PDF that reads files": [("export/test_pdf_plan.py", "test_no_file_is_read_for_what_people_typed")],
    "19 ICS line breaks": [("export/test_actions_ics.py", "test_what_people_typed_never_becomes_a_line_of_its_own")],
    "20 Markdown HTML, fences": [("export/test_markdown_plan.py", "test_what_people_typed_is_never_markup")],
    "21 title as file name": [("export/test_file_names.py", "test_the_header_holds_nothing_but_the_two_names")],
    "22 mail header": [(PAGES, "test_an_address_with_a_line_break_is_refused")],
    "23 log line breaks, ANSI": [("operations/test_logs.py", "test_a_line_stays_a_line_and_steers_no_terminal")],
    "24 somebody else's session": [
        (ELSES, "test_strangers_are_answered_alike_whether_there_is_such_a_session_or_not"),
        (ELSES, "test_a_team_that_is_asked_for_by_name_is_not_there_either"),
        (ELSES, "test_a_token_with_every_right_opens_nothing_of_somebody_elses"),
        (ELSES, "test_what_strangers_are_refused_is_there_for_mia"),
    ],
    "25 guessing links": [
        (ACCOUNT, "test_a_link_cannot_be_guessed_and_is_not_stored"),
        ("sessions/test_invitations.py", "test_the_link_cannot_be_guessed_and_is_not_stored"),
        (JOINING, "test_a_guessed_link_leads_nowhere"),
    ],
    "26 link after removal, rotation, end": [
        (SEATS, "test_after_removal_neither_the_seat_nor_its_link_is_good"),
        (DOORS, "test_a_new_link_ends_the_old_one_and_the_code_and_sends_away_who_waits"),
        (DOORS, "test_the_address_of_a_room_is_no_key_after_a_new_link"),
        (DOORS, "test_after_the_end_neither_link_nor_code_lets_anybody_in"),
        (DOORS, "test_another_owner_gets_neither_link_nor_seat_nor_statement_of_the_first"),
    ],
    "27 token in another session": [(JOINING, "test_a_mark_for_one_session_opens_no_other")],
    "28 session fixation": [
        (DOORS, "test_signing_in_gives_the_browser_a_new_name_and_the_planted_one_is_worth_nothing"),
        (NEW_ROLES, "test_an_old_cookie_gives_a_guest_the_role_that_they_have_now"),
        (NEW_ROLES, "test_a_socket_that_stays_open_is_shown_and_given_the_new_role_at_once"),
        (NEW_ROLES, "test_who_hands_the_session_over_keeps_nothing_of_it_by_an_old_cookie"),
        (NEW_ROLES, "test_an_old_cookie_gives_an_account_the_rights_that_it_has_now"),
    ],
    "29 CSRF": [(PAGES, "test_no_form_is_taken_without_its_token")],
    "30 foreign origin, forwarded host": [
        (LIVE, "test_a_foreign_page_does_not_get_in"),
        (SERVER, "test_pages_of_strangers_open_no_connection"),
    ],
    "31 owner posts in the brainstorm": [
        (ROLES, "test_the_owner_posts_nothing_in_the_brainstorm_and_the_trail_says_who_tried")
    ],
    "32 consultant moves on; the whole matrix": [
        (ROLES, "test_what_the_tables_do_not_give_nobody_gets"),
        (ROLES, "test_over_the_line_too_nobody_gets_what_is_not_theirs"),
    ],
    "33 role revoked while away": [(DOORS, "test_a_role_that_was_taken_away_meanwhile_counts_from_the_first_command")],
    "34 replay, illegal jump": [
        (ROLES, "test_a_step_that_was_left_already_is_left_once"),
        (ROLES, "test_the_same_command_played_again_changes_nothing"),
    ],
    "35 writing to what is closed": [
        (ROLES, "test_nobody_writes_to_a_closed_session_or_opens_it_again"),
        (ROLES, "test_the_database_itself_keeps_a_closed_session_as_it_is"),
        (SEALS, "test_on_postgresql_too"),
        (SEALS, "test_each_database_refuses_whatever_would_change_a_closed_session"),
        (SEALS, "test_nothing_is_slipped_into_a_closed_session_from_another_one"),
    ],
    "36 finding out an author": [
        (LIVE, "test_no_message_names_the_author_of_somebody_elses_idea"),
        (VIEW, "test_the_order_of_ideas_written_in_silence_is_not_the_order_in_which_they_came"),
        ("export/test_json.py", "test_an_idea_has_no_author_and_a_verdict_is_a_code"),
    ],
    "37 before the moderator": [
        (PAGES, "test_whoever_comes_before_the_moderator_waits"),
        (DOORS, "test_opening_the_room_lets_nobody_in_by_themselves_once_somebody_was_removed"),
    ],
    "38 names that look alike": [
        (NAMES, "test_a_name_that_could_be_mistaken_for_otto_has_his_look"),
        (NAMES, "test_a_name_that_claims_a_role_is_reserved"),
        (JOINING, "test_a_name_that_cannot_be_is_refused_with_a_sentence"),
    ],
    "39 one link, two people": [(DOORS, "test_a_seat_that_was_given_to_another_device_is_lost_to_the_first")],
    "40 last moderator": [
        (DOORS, "test_whoever_planned_the_session_can_always_come_back_and_moderate"),
        (DOORS, "test_a_planner_who_owns_the_case_gives_the_lost_moderator_their_seat_back"),
        (DOORS, "test_the_last_moderator_neither_goes_nor_is_put_out"),
    ],
    "41 brute force": [
        (SIGN_IN, "test_ten_wrong_passwords_are_enough_and_the_page_says_when_to_come_back"),
        (SIGN_IN, "test_tries_on_many_accounts_are_counted_for_the_address"),
        (JOINING, "test_guessing_codes_comes_to_an_end"),
        (JOINING, "test_thirty_colleagues_behind_one_address_join"),
        (LIMITS, "test_wrong_passwords_in_two_processes_are_counted_together"),
        (LIMITS, "test_guessed_codes_in_two_processes_are_counted_together"),
        (LIMITS, "test_without_redis_each_process_goes_on_counting_by_itself"),
    ],
    "42 enumeration": [
        (SIGN_IN, "test_the_page_says_the_same_whether_an_account_exists_or_not"),
        (SIGN_IN, "test_an_unknown_account_costs_as_much_work_as_a_known_one"),
        (PAGES, "test_only_an_administrator_makes_such_links_and_nobody_else_learns_who_has_an_account"),
    ],
    "43 reset link again": [
        (PAGES, "test_a_link_to_a_new_password_works_once_and_signs_every_device_out"),
        (PAGES, "test_the_link_lasts_an_hour_and_a_second_one_ends_the_first"),
    ],
    "44 next=//evil": [(SIGN_IN, "test_after_signing_in_nobody_is_led_away_from_here")],
    "45 host injection": [(PAGES, "test_the_host_that_a_request_names_is_in_no_link")],
    "46 clickjacking": [(PAGES, "test_nothing_private_is_kept_by_a_browser_or_shown_in_a_frame")],
    "47 CSP": [
        ("test_headers.py", "test_each_answer_has_a_nonce_of_its_own"),
        (PAGES, "test_every_script_and_style_of_every_page_is_ours_and_none_is_inline"),
        (BROWSER, "test_the_room_shows_it_as_text"),
    ],
    "48 SSRF": [(LINKS, "test_the_server_never_opens_an_address_that_somebody_typed")],
    "49 token in the Referer": [
        (LINKS, "test_every_token_leaves_the_address_bar_at_once"),
        (LINKS, "test_what_a_feed_leads_to_is_without_its_token"),
        (JOINING, "test_the_link_does_not_stay_in_the_address_bar"),
    ],
    "50 weak key, debug": [
        (CONFIG, "test_production_refuses_a_missing_or_weak_key"),
        (CONFIG, "test_production_refuses_debug"),
        (DOORS, "test_a_second_process_on_the_same_sqlite_refuses_to_start_and_a_restart_waits_for_nothing"),
    ],
    "51 secrets in logs": [
        ("operations/test_logs.py", "test_no_word_no_secret_and_no_link_is_ever_logged"),
        ("operations/test_logs_of_every_route.py", "test_no_route_logs_a_word_a_secret_or_a_link"),
    ],
    "52 silent sockets": [
        (SILENT, "test_two_thousand_silent_connections_leave_the_others_alone"),
        (SILENT, "test_only_so_many_may_try_at_once_and_an_honest_page_gets_in_soon"),
    ],
    "53 slow POST": [
        (SLOW, "test_forms_that_are_sent_very_slowly_leave_the_others_alone"),
        ("deploy/test_two_processes.py", "test_a_form_that_does_not_come_to_its_end_is_cut_off_at_the_door"),
    ],
    "54 deletion meanwhile": [(DOORS, "test_all_are_told_when_their_session_is_deleted_and_nothing_is_left")],
    "55 back button": [(PAGES, "test_a_page_that_was_open_before_signing_out_is_not_there_any_more")],
    "56 impossible times": [
        (PACKETS, "test_a_timer_has_ten_seconds_to_a_day"),
        (PACKETS, "test_times_that_a_browser_sends_are_rejected"),
    ],
    "57 renaming": [
        (NAMING, "test_renaming_again_and_again_is_limited_and_each_new_name_is_shown_to_all"),
        (NAMING, "test_a_moderator_gives_nobody_the_name_of_another_or_of_a_role"),
        (NAMING, "test_nobody_takes_the_name_of_another_or_of_a_role_before_the_start"),
        (NAMING, "test_during_the_session_nobody_renames_themselves"),
    ],
    "58 a full session": [(FLOOD, "test_a_full_session_says_so_and_its_moderator_comes_in_all_the_same")],
}


def test_the_table_has_all_58() -> None:
    assert [int(row.split()[0]) for row in TABLE] == list(range(1, 59))


@pytest.mark.parametrize("row", TABLE)
def test_what_is_named_here_is_tested_there(row: str) -> None:
    assert TABLE[row]
    for file, name in TABLE[row]:
        assert re.search(rf"^def {name}\(", (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE), f"{file}::{name}"
