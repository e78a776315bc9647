//! The tables as diesel sees them. Made by migrations/generate.py: do not edit by hand.

/// The SQL types of the columns.
pub mod types {
    pub use crate::db::types::sql::*;
    pub use diesel::sql_types::*;
}

diesel::table! {
    use super::types::*;

    job_queue (id) {
        id -> IdSql,
        kind -> Text,
        payload -> DocSql,
        unique_key -> Nullable<Text>,
        state -> Text,
        run_at -> TsSql,
        lease_until -> Nullable<TsSql>,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        created_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    job_schedule (name) {
        name -> Text,
        next_at -> TsSql,
        lease_until -> Nullable<TsSql>,
        started_at -> Nullable<TsSql>,
        ended_at -> Nullable<TsSql>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    use super::types::*;

    cal_day (day) {
        day -> Date,
        kind -> Text,
        name -> Text,
    }
}

diesel::table! {
    use super::types::*;

    idn_area (code) {
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        level -> Text,
        parent -> Nullable<Text>,
    }
}

diesel::table! {
    use super::types::*;

    idn_department (id) {
        id -> IdSql,
        key -> Text,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        short_zh -> Text,
        short_en -> Text,
        area_code -> Text,
        channel -> Text,
        phone -> Text,
        address_zh -> Text,
        address_en -> Text,
        is_active -> Bool,
    }
}

diesel::table! {
    use super::types::*;

    idn_person (id) {
        id -> IdSql,
        phone -> Binary,
        phone_index -> Binary,
        name -> Nullable<Binary>,
        id_number -> Nullable<Binary>,
        id_number_index -> Nullable<Binary>,
        email -> Nullable<Binary>,
        address -> Nullable<Binary>,
        password_hash -> Text,
        level -> Integer,
        level_until -> Nullable<TsSql>,
        lang -> Text,
        created_at -> TsSql,
        updated_at -> TsSql,
        closed_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    idn_evidence (id) {
        id -> IdSql,
        person_id -> IdSql,
        kind -> Text,
        issuer -> Text,
        result -> Text,
        reference -> Text,
        via -> Text,
        at -> TsSql,
        expires_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    idn_staff (id) {
        id -> IdSql,
        login -> Text,
        name -> Text,
        password_hash -> Text,
        area_code -> Nullable<Text>,
        department_id -> Nullable<IdSql>,
        hall_id -> Nullable<IdSql>,
        is_active -> Bool,
        must_change -> Bool,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    idn_role (code) {
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        note_zh -> Text,
        note_en -> Text,
        is_built_in -> Bool,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    idn_role_permission (role, permission) {
        role -> Text,
        permission -> Text,
    }
}

diesel::table! {
    use super::types::*;

    idn_staff_role (staff_id, role) {
        staff_id -> IdSql,
        role -> Text,
        until -> Nullable<Date>,
        given_by -> Nullable<IdSql>,
        given_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    idn_session (id) {
        id -> Binary,
        person_id -> Nullable<IdSql>,
        staff_id -> Nullable<IdSql>,
        made_by -> Text,
        csrf -> Text,
        created_at -> TsSql,
        seen_at -> TsSql,
        expires_at -> TsSql,
        user_agent -> Text,
        mandate_id -> Nullable<IdSql>,
    }
}

diesel::table! {
    use super::types::*;

    idn_client (id) {
        id -> IdSql,
        client_id -> Text,
        name -> Text,
        department_id -> Nullable<IdSql>,
        secret_hash -> Binary,
        scopes -> Text,
        is_active -> Bool,
        created_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    idn_throttle (key) {
        key -> Binary,
        window_from -> TsSql,
        before -> Integer,
        hits -> Integer,
    }
}

diesel::table! {
    use super::types::*;

    cat_code (set_name, code) {
        set_name -> Text,
        code -> Text,
        zh -> Text,
        en -> Text,
        ord -> Integer,
    }
}

diesel::table! {
    use super::types::*;

    cat_fact (key) {
        key -> Text,
        label_zh -> Text,
        label_en -> Text,
        kind -> Text,
        holder -> Text,
    }
}

diesel::table! {
    use super::types::*;

    cat_item (id) {
        id -> IdSql,
        slug -> Text,
        code -> Text,
        department_id -> IdSql,
        state -> Text,
        version_id -> IdSql,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_version (id) {
        id -> IdSql,
        item_id -> IdSql,
        no -> Integer,
        doc -> DocSql,
        published_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_stamp (one) {
        one -> Integer,
        stamp -> BigInt,
    }
}

diesel::table! {
    use super::types::*;

    win_hall (id) {
        id -> IdSql,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        area_code -> Text,
        level -> Text,
        doc -> DocSql,
        is_active -> Bool,
    }
}

diesel::table! {
    use super::types::*;

    win_grant (hall_id, item_id, function) {
        hall_id -> IdSql,
        item_id -> IdSql,
        function -> Text,
    }
}

diesel::table! {
    use super::types::*;

    case_case (id) {
        id -> IdSql,
        case_no -> Nullable<Text>,
        receipt_no -> Nullable<Text>,
        item_id -> IdSql,
        version_id -> IdSql,
        department_id -> IdSql,
        hall_id -> IdSql,
        channel -> Text,
        person_id -> Nullable<IdSql>,
        owner_id -> Nullable<IdSql>,
        applicant_mask -> Text,
        identity -> Text,
        state -> Text,
        public_state -> Text,
        clock -> Text,
        rev -> BigInt,
        created_at -> TsSql,
        updated_at -> TsSql,
        submitted_at -> Nullable<TsSql>,
        received_on -> Nullable<Date>,
        accept_by -> Nullable<Date>,
        accepted_at -> Nullable<TsSql>,
        accepted_by -> Nullable<IdSql>,
        due_on -> Nullable<Date>,
        legal_due_on -> Nullable<Date>,
        decision -> Nullable<Text>,
        decided_at -> Nullable<TsSql>,
        finished_at -> Nullable<TsSql>,
        query_code -> Nullable<Binary>,
        applicant -> Binary,
        applicant_index -> Nullable<Binary>,
        form -> Binary,
    }
}

diesel::table! {
    use super::types::*;

    case_file (id) {
        id -> IdSql,
        case_id -> IdSql,
        role -> Text,
        key -> Text,
        name -> Binary,
        hash -> Binary,
        size -> BigInt,
        mime -> Text,
        added_at -> TsSql,
        added_by -> Text,
        sent_at -> Nullable<TsSql>,
        dropped_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    case_verdict (case_id, key) {
        case_id -> IdSql,
        key -> Text,
        verdict -> Text,
        reason -> Text,
        staff_id -> IdSql,
        at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    case_event (id) {
        id -> IdSql,
        case_id -> IdSql,
        at -> TsSql,
        event -> Text,
        from_state -> Text,
        to_state -> Text,
        actor_kind -> Text,
        actor_id -> Nullable<IdSql>,
        actor_name -> Text,
        note -> Text,
        is_public -> Bool,
    }
}

diesel::table! {
    use super::types::*;

    case_correction (id) {
        id -> IdSql,
        case_id -> IdSql,
        asked_at -> TsSql,
        asked_by -> IdSql,
        defects -> DocSql,
        note -> Text,
        due_on -> Date,
        closed_at -> Nullable<TsSql>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    use super::types::*;

    case_desk (case_id) {
        case_id -> IdSql,
        desk_kind -> Text,
        desk_id -> IdSql,
        step -> Text,
        due_at -> TsSql,
        entered_at -> TsSql,
        state -> Text,
        item_id -> IdSql,
        receipt_no -> Text,
        applicant_mask -> Text,
        channel -> Text,
        is_corrected -> Bool,
        identity -> Text,
        held_by -> Nullable<IdSql>,
        held_name -> Nullable<Text>,
        held_until -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    case_notice (id) {
        id -> IdSql,
        case_id -> IdSql,
        kind -> Text,
        no -> Text,
        doc -> Binary,
        made_at -> TsSql,
        made_by -> Nullable<IdSql>,
    }
}

diesel::table! {
    use super::types::*;

    case_serial (day) {
        day -> Date,
        last -> Integer,
    }
}

diesel::table! {
    use super::types::*;

    case_paper (case_id, key) {
        case_id -> IdSql,
        key -> Text,
    }
}

diesel::table! {
    use super::types::*;

    apr_proposal (case_id) {
        case_id -> IdSql,
        outcome -> Text,
        reason -> Text,
        staff_id -> IdSql,
        at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    apr_opinion (id) {
        id -> IdSql,
        case_id -> IdSql,
        step -> Text,
        verdict -> Text,
        opinion -> Text,
        staff_id -> IdSql,
        staff_name -> Text,
        at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    exg_endpoint (department_id) {
        department_id -> IdSql,
        url -> Text,
        secret -> Binary,
        old_secret -> Nullable<Binary>,
        is_active -> Bool,
        failures -> Integer,
        openings -> Integer,
        opened_until -> Nullable<TsSql>,
        leased_at -> TsSql,
        last_ok_at -> Nullable<TsSql>,
        last_error -> Nullable<Text>,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    exg_dispatch (id) {
        id -> IdSql,
        case_id -> IdSql,
        department_id -> IdSql,
        kind -> Text,
        state -> Text,
        attempts -> Integer,
        next_at -> TsSql,
        lease_until -> Nullable<TsSql>,
        last_status -> Nullable<Integer>,
        last_error -> Nullable<Text>,
        receipt -> Nullable<Text>,
        created_at -> TsSql,
        sent_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    exg_try (id) {
        id -> IdSql,
        dispatch_id -> IdSql,
        at -> TsSql,
        status -> Nullable<Integer>,
        error -> Nullable<Text>,
        millis -> Integer,
    }
}

diesel::table! {
    use super::types::*;

    exg_daily (department_id, day) {
        department_id -> IdSql,
        day -> Date,
        sent -> Integer,
        failed -> Integer,
    }
}

diesel::table! {
    use super::types::*;

    exg_inbox (id) {
        id -> IdSql,
        department_id -> IdSql,
        message_id -> Text,
        kind -> Text,
        case_id -> Nullable<IdSql>,
        received_at -> TsSql,
        state -> Text,
        reason -> Nullable<Text>,
        body -> Binary,
    }
}

diesel::table! {
    use super::types::*;

    exg_declared (client_id, key) {
        client_id -> IdSql,
        key -> Text,
        digest -> Binary,
        case_id -> IdSql,
        created_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    ntf_message (id) {
        id -> IdSql,
        person_id -> IdSql,
        case_id -> Nullable<IdSql>,
        kind -> Text,
        item_zh -> Text,
        item_en -> Text,
        receipt_no -> Text,
        created_at -> TsSql,
        read_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    ntf_mail (id) {
        id -> IdSql,
        kind -> Text,
        lang -> Text,
        to_address -> Binary,
        args -> Binary,
        state -> Text,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        created_at -> TsSql,
        due_at -> TsSql,
        lease_until -> Nullable<TsSql>,
        sent_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    cat_synonym (word) {
        word -> Text,
        means -> Text,
    }
}

diesel::table! {
    use super::types::*;

    cat_change (id) {
        id -> IdSql,
        item_id -> Nullable<IdSql>,
        department_id -> IdSql,
        kind -> Text,
        state -> Text,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        base_no -> Integer,
        no -> Nullable<Integer>,
        doc -> Nullable<DocSql>,
        revision -> Integer,
        reason -> Text,
        opinion -> Text,
        effective_on -> Nullable<Date>,
        author_id -> IdSql,
        reviewer_id -> Nullable<IdSql>,
        created_at -> TsSql,
        updated_at -> TsSql,
        submitted_at -> Nullable<TsSql>,
        done_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    cat_hand (change_id, staff_id) {
        change_id -> IdSql,
        staff_id -> IdSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_halt (item_id) {
        item_id -> IdSql,
        reason -> Text,
        since -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_favourite (person_id, item_id) {
        person_id -> IdSql,
        item_id -> IdSql,
        at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_topic (key) {
        key -> Text,
        doc -> Nullable<DocSql>,
        draft -> Nullable<DocSql>,
        revision -> Integer,
        is_written -> Bool,
        changed_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_topic_hand (topic_key, staff_id) {
        topic_key -> Text,
        staff_id -> IdSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_kept (person_id, address) {
        person_id -> IdSql,
        address -> Text,
        at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_paper (hash) {
        hash -> Binary,
        mime -> Text,
        size -> BigInt,
        staff_id -> IdSql,
        at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_edit (what, key) {
        what -> Text,
        key -> Text,
        revision -> Integer,
        is_gone -> Bool,
        staff_id -> IdSql,
        changed_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_topic_version (topic_key, no) {
        topic_key -> Text,
        no -> Integer,
        doc -> DocSql,
        published_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_topic_end (topic_key) {
        topic_key -> Text,
        reason -> Text,
        staff_id -> IdSql,
        asked_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_moved (item_id) {
        item_id -> IdSql,
        stamp -> BigInt,
    }
}

diesel::table! {
    use super::types::*;

    cat_import (id) {
        id -> IdSql,
        staff_id -> IdSql,
        name -> Text,
        file -> Binary,
        reason -> Text,
        state -> Text,
        error -> Nullable<Text>,
        total -> Integer,
        place -> Integer,
        submitted -> Integer,
        under_way -> Integer,
        not_kept -> Integer,
        unchanged -> Integer,
        left_out -> Integer,
        attempts -> Integer,
        lease_until -> Nullable<TsSql>,
        created_at -> TsSql,
        ended_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    cat_basic (code) {
        code -> Text,
        title -> Text,
        doc -> Nullable<DocSql>,
        draft -> Nullable<DocSql>,
        revision -> Integer,
        is_written -> Bool,
        no -> Integer,
        changed_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_basic_hand (code, staff_id) {
        code -> Text,
        staff_id -> IdSql,
    }
}

diesel::table! {
    use super::types::*;

    cat_basic_version (code, no) {
        code -> Text,
        no -> Integer,
        doc -> DocSql,
        published_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    aud_waiting (id) {
        id -> IdSql,
        at -> TsSql,
        actor_kind -> Text,
        actor_id -> Nullable<IdSql>,
        action -> Text,
        object_kind -> Text,
        object_id -> Nullable<IdSql>,
        person_id -> Nullable<IdSql>,
        outcome -> Text,
        detail -> DocSql,
        request_id -> IdSql,
    }
}

diesel::table! {
    use super::types::*;

    aud_entry (id) {
        id -> IdSql,
        at -> TsSql,
        actor_kind -> Text,
        actor_id -> Nullable<IdSql>,
        action -> Text,
        object_kind -> Text,
        object_id -> Nullable<IdSql>,
        person_id -> Nullable<IdSql>,
        outcome -> Text,
        detail -> DocSql,
        request_id -> IdSql,
        batch -> BigInt,
        seq -> Integer,
    }
}

diesel::table! {
    use super::types::*;

    aud_batch (no) {
        no -> BigInt,
        previous -> Binary,
        entries -> Integer,
        first_at -> TsSql,
        last_at -> TsSql,
        sealed_at -> TsSql,
        digests -> Binary,
        digest -> Binary,
        suite -> Text,
        signer -> Text,
        signature -> Binary,
    }
}

diesel::table! {
    use super::types::*;

    aud_removal (batch) {
        batch -> BigInt,
        at -> TsSql,
        suite -> Text,
        signer -> Text,
        signature -> Binary,
    }
}

diesel::table! {
    use super::types::*;

    aud_chain (id) {
        id -> Integer,
        no -> BigInt,
    }
}

diesel::table! {
    use super::types::*;

    aud_check (id) {
        id -> IdSql,
        staff_id -> IdSql,
        state -> Text,
        batches -> BigInt,
        place -> BigInt,
        entries -> BigInt,
        waiting -> BigInt,
        faults -> Integer,
        found -> DocSql,
        attempt -> Integer,
        lease_until -> Nullable<TsSql>,
        created_at -> TsSql,
        ended_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    idn_totp (staff_id) {
        staff_id -> IdSql,
        secret -> Binary,
        last_step -> BigInt,
        made_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    idn_recovery (staff_id, digest) {
        staff_id -> IdSql,
        digest -> Binary,
        salt -> Binary,
        made_at -> TsSql,
        used_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    idn_half (id) {
        id -> Binary,
        staff_id -> IdSql,
        purpose -> Text,
        needs_factor -> Bool,
        made_by -> Text,
        secret -> Nullable<Binary>,
        back -> Text,
        expires_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    idn_pending (id) {
        id -> IdSql,
        person_id -> IdSql,
        kind -> Text,
        claim -> Binary,
        asked_at -> TsSql,
        attempts -> Integer,
        due_at -> TsSql,
        lease_until -> Nullable<TsSql>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    use super::types::*;

    idn_face (id) {
        id -> IdSql,
        person_id -> IdSql,
        reference -> Text,
        address -> Binary,
        number_index -> Binary,
        back -> Text,
        began_at -> TsSql,
        expires_at -> TsSql,
        result -> Nullable<Text>,
    }
}

diesel::table! {
    use super::types::*;

    idn_request (id) {
        id -> IdSql,
        kind -> Text,
        subject -> Text,
        payload -> DocSql,
        reason -> Text,
        state -> Text,
        asked_by -> IdSql,
        asked_at -> TsSql,
        lapses_at -> TsSql,
        decided_by -> Nullable<IdSql>,
        decided_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    idn_principal (id) {
        id -> IdSql,
        kind -> Text,
        audience -> Text,
        name -> Binary,
        number -> Binary,
        number_index -> Binary,
        created_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    idn_mandate (id) {
        id -> IdSql,
        principal_id -> IdSql,
        kind -> Text,
        person_id -> Nullable<IdSql>,
        name -> Binary,
        phone -> Nullable<Binary>,
        phone_index -> Nullable<Binary>,
        items -> DocSql,
        powers -> DocSql,
        until -> Nullable<Date>,
        evidence_id -> Nullable<IdSql>,
        given_by -> Nullable<IdSql>,
        offered_at -> TsSql,
        taken_at -> Nullable<TsSql>,
        used_at -> Nullable<TsSql>,
        ended_at -> Nullable<TsSql>,
        ended_why -> Nullable<Text>,
        ended_by -> Nullable<IdSql>,
    }
}

diesel::table! {
    use super::types::*;

    case_declarant (case_id) {
        case_id -> IdSql,
        person_id -> Nullable<IdSql>,
        mandate_id -> Nullable<IdSql>,
        level -> Integer,
        at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    idn_code (id) {
        id -> Binary,
        purpose -> Text,
        phone -> Binary,
        phone_index -> Binary,
        person_id -> Nullable<IdSql>,
        code -> Binary,
        tries -> Integer,
        back -> Text,
        sent_at -> TsSql,
        expires_at -> TsSql,
        passed_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    ntf_sms (id) {
        id -> IdSql,
        to_phone -> Binary,
        words -> Binary,
        expires_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    idn_passkey (id) {
        id -> IdSql,
        person_id -> Nullable<IdSql>,
        staff_id -> Nullable<IdSql>,
        credential_id -> Binary,
        credential -> Text,
        name -> Text,
        made_at -> TsSql,
        used_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use super::types::*;

    idn_ceremony (id) {
        id -> Binary,
        purpose -> Text,
        person_id -> Nullable<IdSql>,
        staff_id -> Nullable<IdSql>,
        state -> Text,
        name -> Text,
        expires_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    idn_link (id) {
        id -> IdSql,
        person_id -> IdSql,
        subject -> Binary,
        subject_index -> Binary,
        made_at -> TsSql,
        used_at -> TsSql,
    }
}

diesel::table! {
    use super::types::*;

    idn_away (id) {
        id -> Binary,
        person_id -> Nullable<IdSql>,
        state -> Text,
        nonce -> Text,
        verifier -> Text,
        back -> Text,
        told -> Nullable<Binary>,
        expires_at -> TsSql,
    }
}

diesel::allow_tables_to_appear_in_same_query!(idn_session, idn_staff);
diesel::allow_tables_to_appear_in_same_query!(idn_session, idn_person);
diesel::allow_tables_to_appear_in_same_query!(idn_session, idn_staff_role);
diesel::allow_tables_to_appear_in_same_query!(idn_person, idn_staff);
diesel::allow_tables_to_appear_in_same_query!(idn_person, idn_staff_role);
diesel::allow_tables_to_appear_in_same_query!(idn_staff, idn_staff_role);
diesel::allow_tables_to_appear_in_same_query!(cat_item, cat_version);
diesel::allow_tables_to_appear_in_same_query!(exg_dispatch, case_case);
diesel::allow_tables_to_appear_in_same_query!(case_case, case_desk);
diesel::allow_tables_to_appear_in_same_query!(win_grant, win_hall);
diesel::allow_tables_to_appear_in_same_query!(cat_item, cat_halt);
diesel::allow_tables_to_appear_in_same_query!(cat_version, cat_halt);
diesel::allow_tables_to_appear_in_same_query!(idn_session, idn_role_permission);
diesel::allow_tables_to_appear_in_same_query!(idn_person, idn_role_permission);
diesel::allow_tables_to_appear_in_same_query!(idn_staff, idn_role_permission);
diesel::allow_tables_to_appear_in_same_query!(idn_staff_role, idn_role_permission);
diesel::allow_tables_to_appear_in_same_query!(idn_role, idn_role_permission);
diesel::allow_tables_to_appear_in_same_query!(aud_batch, aud_removal);
diesel::allow_tables_to_appear_in_same_query!(idn_mandate, idn_principal);
diesel::allow_tables_to_appear_in_same_query!(case_declarant, case_case);
