"""What each address of the web asks of whoever calls it. A test walks all of them, as every role, and compares.

An address that is not here fails the test: add a row with the action or the duty of `rights.py` that the code behind it
checks. The code behind it does check; this table only says so, for readers and for the test.
"""

from typing import Literal

from pluis.access.rights import Action, Duty

# anyone        without signing in, and without a word about any family
# this_machine  this machine itself, or with a token
# link          the token in the address says whose it is
# password      whoever gave the right password
# signed_in     whoever signed in; shows nothing but one's own, or what a list of rights lets through
# own           what belongs to the very person who asks, and to nobody else
Door = Literal["anyone", "this_machine", "link", "password", "signed_in", "own"]
Need = Door | Action | Duty

# Several needs: one of them is enough.
ROUTES: dict[str, Need | tuple[Need, ...]] = {
    # Programs
    "GET /api/openapi.json": "anyone",
    "POST /api/session": "anyone",
    "GET /api/session": "signed_in",
    "DELETE /api/session": "signed_in",
    "GET /api/cases": "signed_in",
    "GET /api/cases/{case_id}": "read_case",
    "GET /api/cases/{case_id}/dossier.json": "read_dossier",
    "GET /api/cases/{case_id}/dossier.pdf": "read_dossier",
    "GET /api/cases/{case_id}/dossier.md": "read_dossier",
    "GET /api/cases/{case_id}/dossier.fhir.json": "read_dossier",
    "GET /api/cases/{case_id}/access-log.json": "read_access_log",
    "GET /api/audit.json": "see_audit",
    "GET /api/audit.pdf": "see_audit",
    "GET /api/reflection.json": "reflect",
    "POST /api/debriefs": "debrief",
    "POST /api/debriefs/{debrief_id}/messages": "own",
    "GET /api/debriefs/{debrief_id}": "read_debrief",
    "GET /api/debriefs/{debrief_id}/conversation": "own",
    "GET /api/debriefs/{debrief_id}/feedback": "own",
    "POST /api/chat": "signed_in",
    "GET /api/escalations": "signed_in",
    "GET /api/escalations/{escalation_id}": "read_escalation",
    "POST /api/escalations/{escalation_id}/acknowledge": "answer_escalation",
    "POST /api/escalations/{escalation_id}/spoke": "answer_escalation",
    "POST /api/escalations/{escalation_id}/decision": "answer_escalation",
    "POST /api/escalations/{escalation_id}/check": "answer_escalation",
    "POST /api/escalations/{escalation_id}/hand-over": "answer_escalation",
    "POST /api/escalations/{escalation_id}/deliveries/{delivery_id}/retry": "answer_escalation",
    "GET /api/training/vignettes": "practise",
    "POST /api/training/vignettes/{vignette_id}": "practise",
    "POST /api/training/visits/{practice_id}/ask": "own",
    # Operations
    "GET /healthz": "anyone",
    "GET /metrics": "this_machine",
    "GET /live": "signed_in",
    "GET /static": "anyone",
    "GET /sw.js": "anyone",
    "GET /manifest.webmanifest": "anyone",
    "GET /offline": "anyone",
    # The door
    "GET /sign-in": "anyone",
    "POST /sign-in": "anyone",
    "GET /sign-in/code": "anyone",
    "POST /sign-in/code": "anyone",
    "GET /sign-in/work-account": "anyone",
    "GET /sign-in/work-account/done": "anyone",
    "POST /sign-out": "anyone",
    "POST /language": "anyone",
    "GET /answer/{token}": "link",
    "POST /answer/{token}": "link",
    # One's own account
    "GET /account": "signed_in",
    "POST /account/password": "signed_in",
    "POST /account/sign-ins/{number}/end": "signed_in",
    "POST /account/sign-ins/end": "signed_in",
    "GET /account/second-factor": "password",
    "POST /account/second-factor": "password",
    "POST /account/second-factor/codes": "signed_in",
    # A family
    "GET /": "signed_in",
    "POST /say": "signed_in",
    "GET /search": "signed_in",
    "POST /search": "signed_in",
    "POST /api/cases/search": "signed_in",
    "GET /cases/{case_id}": "read_case",
    "GET /cases/{case_id}/visits/{debrief_id}": "read_dossier",
    "GET /cases/{case_id}/assessment": "write_dossier",
    "POST /cases/{case_id}/assessment": "write_dossier",
    "GET /cases/{case_id}/assessments/{assessment_id}": "read_dossier",
    "GET /cases/{case_id}/statement": "write_dossier",
    "POST /cases/{case_id}/statement": "write_dossier",
    "POST /cases/{case_id}/debriefs": "debrief",
    "GET /cases/{case_id}/access": ("read_case", "emergency_access"),
    "POST /cases/{case_id}/access": "name_colleagues",
    "POST /cases/{case_id}/emergency": "emergency_access",
    "GET /cases/{case_id}/access-log": "read_access_log",
    "GET /access-log": "signed_in",
    "POST /emergencies/{emergency_id}/seen": "own",
    # A debrief
    "GET /debriefs/{debrief_id}": "own",
    "GET /debriefs/{debrief_id}/part": "own",
    "POST /debriefs/{debrief_id}/say": "own",
    "GET /debriefs/{debrief_id}/note.md": "read_debrief",
    "GET /debriefs/{debrief_id}/read": "read_debrief",
    # Alerts
    "GET /inbox": "see_inbox",
    "GET /inbox/list": "see_inbox",
    "POST /inbox/{escalation_id}/acknowledge": "answer_escalation",
    "POST /inbox/{escalation_id}/spoke": "answer_escalation",
    "POST /inbox/{escalation_id}/hand-over": "answer_escalation",
    "POST /inbox/{escalation_id}/decision": "answer_escalation",
    "POST /inbox/{escalation_id}/check": "answer_escalation",
    "POST /inbox/{escalation_id}/deliveries/{delivery_id}/retry": "answer_escalation",
    # A team, and the whole
    "GET /team": "see_team",
    "GET /reflection": "reflect",
    "GET /audit": "see_audit",
    "GET /rota": "keep_rota",
    "POST /rota/{team_id}/channels": "keep_rota",
    "POST /rota/{team_id}/on-call": "keep_rota",
    "POST /rota/{team_id}/on-call/{shift_id}/remove": "keep_rota",
    "POST /rota/{team_id}/away": "keep_rota",
    "POST /rota/{team_id}/away/{absence_id}/end": "keep_rota",
    # Practice
    "GET /training": "practise",
    "POST /training/{vignette_id}": "practise",
    "GET /training/visits/{practice_id}": "own",
    "POST /training/visits/{practice_id}/ask": "own",
    "POST /training/visits/{practice_id}/debrief": "own",
    "GET /training/visits/{practice_id}/feedback": "own",
    "POST /training/visits/{practice_id}/again": "own",
    "GET /training/progress": "practise",
    "POST /training/progress/consent": "practise",
    "GET /training/certificate.pdf": "practise",
    "GET /trainer": "train",
    "POST /trainer/assignments": "train",
    "GET /trainer/people/{account_id}": "train",
    "GET /trainer/calibration": "train",
    "GET /vignettes": ("train", "approve_vignette", "give_vignette"),
    "POST /vignettes": ("train", "give_vignette"),
    "POST /vignettes/check": ("train", "approve_vignette", "give_vignette"),
    "GET /vignettes/{id}": ("own", "approve_vignette"),
    "POST /vignettes/{id}": "own",
    "POST /vignettes/{id}/approve": "approve_vignette",
    "POST /vignettes/{id}/back": ("own", "approve_vignette"),
}
