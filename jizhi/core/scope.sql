-- The scope of a reader, put into the session's settings that the policies read. Made anew by core.policies whenever
-- it changes. The definer owns the tables: it looks up posts and cards before the session may see any. It names tables
-- of the apps above; Python of theirs it does not know.
--
-- Staff: the village of each post held that day, or the post's own area where that lies above the villages. A post on a
-- grid reaches its village here; the grid itself is narrowed by the selectors. A household: its subject and village, and
-- the subjects of whoever lives in it, for whom it acts, and of ended households that it succeeded (merged into it,
-- moved here, come back as it), for which it speaks, with their villages.
-- True for whoever reads everything.
CREATE OR REPLACE FUNCTION jizhi_enter(user_id bigint, today date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    reader text := 'public';
    whole boolean;
    paths ltree[] := '{}';
    subject bigint;
    home bigint;
    house bigint;
    former bigint[] := '{}';
    homes bigint[] := '{}';
BEGIN
    SELECT CASE WHEN u.is_superuser THEN 'operator' ELSE u.kind END INTO reader
    FROM accounts_user u WHERE u.id = user_id AND u.is_active;
    reader := COALESCE(reader, 'public');
    IF reader = 'staff' THEN
        SELECT COALESCE(array_agg(DISTINCT COALESCE(v.path, a.path)), '{}') INTO paths
        FROM posts_post p
        JOIN areas_area a ON a.id = p.area_id
        LEFT JOIN areas_area v ON v.level_id = 'village' AND v.path @> a.path
        WHERE p.user_id = jizhi_enter.user_id AND p.from_date <= today AND (p.to_date IS NULL OR p.to_date >= today);
    ELSIF reader = 'household' THEN
        SELECT h.subject_id, h.village_id, h.id INTO subject, home, house
        FROM people_householdcard c JOIN people_household h ON h.id = c.household_id
        WHERE c.user_id = jizhi_enter.user_id AND c.blocked_at IS NULL;
        WITH RECURSIVE succeeded(household) AS (
            SELECT house
            UNION
            SELECT part.household_id FROM succeeded s
            CROSS JOIN LATERAL (
                SELECT p.household_id, p.change_id FROM changes_changedhousehold p WHERE p.successor_id = s.household
                UNION
                SELECT p.household_id, p.change_id FROM changes_changedhousehold o
                JOIN changes_change m ON m.id = o.change_id AND m.kind = 'move'
                JOIN changes_changedhousehold p ON p.change_id = o.change_id AND p.side = 'closed'
                WHERE o.household_id = s.household AND o.side = 'opened'
            ) part
            JOIN people_household h ON h.id = part.household_id AND h.to_date IS NOT NULL
            WHERE NOT EXISTS (SELECT FROM changes_change u WHERE u.undoes_id = part.change_id)
        )
        SELECT COALESCE(array_agg(h.subject_id), '{}'), COALESCE(array_agg(DISTINCT h.village_id), '{}')
        INTO former, homes
        FROM succeeded s JOIN people_household h ON h.id = s.household WHERE h.id <> house;
    END IF;
    -- Whoever reaches every root reads without lists: a county has thousands of areas.
    whole := reader = 'operator' OR (cardinality(paths) > 0 AND NOT EXISTS (
        SELECT FROM areas_area r WHERE r.parent_id IS NULL AND NOT r.path <@ paths
    ));
    PERFORM set_config('jizhi.reader', reader, false),
            set_config('jizhi.user', CASE WHEN reader = 'public' THEN '' ELSE user_id::text END, false),
            set_config('jizhi.paths', paths::text, false),
            set_config('jizhi.subject', COALESCE(subject::text, ''), false),
            set_config('jizhi.subjects', concat_ws(',', subject::text,
                (SELECT string_agg(s.id::text, ',') FROM people_membership m JOIN people_subject s
                 ON s.person_id = m.person_id AND s.village_id = home WHERE m.household_id = house
                 AND m.from_date <= today AND (m.to_date IS NULL OR m.to_date >= today)),
                NULLIF(array_to_string(former, ','), '')), false),
            set_config('jizhi.home', COALESCE(home::text, ''), false),
            set_config('jizhi.homes', concat_ws(',', home::text, NULLIF(array_to_string(homes, ','), '')), false),
            set_config('jizhi.villages', COALESCE(
                (SELECT string_agg(a.id::text, ',') FROM areas_area a
                 WHERE NOT whole AND a.level_id = 'village' AND a.path <@ paths), ''), false),
            set_config('jizhi.areas', COALESCE(
                (SELECT string_agg(a.id::text, ',') FROM areas_area a WHERE NOT whole AND a.path <@ paths), ''), false);
    RETURN whole;
END
$$;

-- The guard of a table that everybody reads: the scoped role writes at and below the paths of its scope alone.
CREATE OR REPLACE FUNCTION jizhi_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    paths ltree[] := COALESCE(NULLIF(current_setting('jizhi.paths', true), ''), '{}');
BEGIN
    IF current_user = TG_ARGV[0] AND (
        (TG_OP <> 'INSERT' AND NOT OLD.path <@ paths) OR (TG_OP <> 'DELETE' AND NOT NEW.path <@ paths)
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security guard of ' || TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
