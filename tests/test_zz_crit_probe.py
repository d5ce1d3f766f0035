import time, pytest
from tests import makers
def test_many_params(db, browse, platform):
    makers.make_postmortem(team=platform)
    c = browse()
    c.get("/")
    for q in ["&".join(f"a{i}=x" for i in range(900)), "&".join(f"cause=x{i}" for i in range(900)), "&".join(f"{f}={v}" for f in ("cause","severity","trigger","component") for v in map(str,range(200))),
      "q=" + "+".join(f"w{i}*" for i in range(400)), "q="+"+OR+".join(f"cause:x{i}" for i in range(400)), "q=" + "a"*4000, "q=("*1000, "page=٣", "page=1_0", "q=%00", "team=%00", "cause=%00", "year=0000", "year=%D9%A3%D9%A3%D9%A3%D9%A3", "started=0000..9999", "started=0000-01-01", "q=started:>9999-12-31", "q=duration:>99999999999999999999d", "severity=sev1..", "sort=%00","q=%F0%9F%98%80*", "q=-", "q=OR", "q=NOT", "q=in:", "from=%00", "q=updated:>0001", "q=started:9999-12-31T23:59"]:
        for path in ("/", "/api/v1/search/"):
            t=time.perf_counter()
            try: r=c.get(path+"?"+q); s=r.status_code
            except Exception as e: s=repr(e)[:200]
            d=time.perf_counter()-t
            if d>0.3 or s not in (200,400): print(path, q[:40], s, round(d,2))
    from django.test.utils import CaptureQueriesContext
    from django.db import connection
    for path in ("/", "/?q=x", "/taxonomy/", "/taxonomy/cause/network/", "/help/", "/sign-in/"):
        with CaptureQueriesContext(connection) as q: c.get(path)
        print(path, len(q))
    with CaptureQueriesContext(connection) as q: c.get(platform.postmortems.get().get_absolute_url())
    print("read", len(q))
    for path in ("/p/%00/", "/p/%00/x/", "/taxonomy/%00/", "/help/%00/", "/api/v1/none/", "/?q="+"x"*9000, "/p/"+platform.postmortems.get().ref+"/?from="+"x"*3000):
        try: r = c.get(path); print(path[:40], r.status_code, r["Content-Type"])
        except Exception as e: print(path[:40], repr(e)[:150])
    r = c.post("/sign-in/", {"username": "a\0b", "password": "x\0"}); print(r.status_code)
    c.cookies["sessionid"] = "a\0bbbbbbbbbbbbb"
    try: print("cookie", c.get("/").status_code)
    except Exception as e: print("cookie", repr(e)[:150])
