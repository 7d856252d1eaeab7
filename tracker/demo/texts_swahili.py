"""What customers write in Swahili, as it is spoken in Kenya. One comment a line, as in `texts_english`.

Products named here are nouns of the N class, so that "hii", "yangu" and "ilifika" agree with all of them.
"""

from __future__ import annotations

SWAHILI = """
5 any friendliness | Asante sana {name}, umenihudumia kwa moyo.
45 any friendliness | Huduma nzuri, endeleeni hivyo.
5 any friendliness | {name} ni mkarimu sana. Mungu ambariki.
45 any friendliness | Alinisalimia vizuri na alikuwa na heshima.
5 any friendliness | Nimefurahi sana leo, asanteni.
45 any friendliness | {name} ana roho safi.
5 any friendliness | Huyu {name} ni moto wa kuotea mbali! Big up.
45 any friendliness | Poa sana, hamna stress.
5 any felt_as_an_individual | {name} alinisikiliza kabla ya kujibu. Si wengi wanaofanya hivyo.
45 any felt_as_an_individual | Nilihisi kama nyumbani.
5 any felt_as_an_individual | {name} alinikumbuka kutoka mara ya mwisho.
45 any effort | {name} alinisaidia kutoka mwanzo hadi mwisho.
5 any effort | Alijitahidi sana mpaka nikapata nilichotaka.
45 any effort | Kazi safi, kila kitu kimeisha mara moja.
45 any speed | Haraka na vizuri.
5 any speed | Dakika {few} tu na nimemaliza. Kazi nzuri!
45 any knowledge | {name} anaijua kazi yake.
45 any knowledge | Maelezo yalikuwa wazi, nimeelewa vizuri.
45 any promise_kept | Walichoahidi ndicho walichofanya.
5 any promise_kept | {name} alitimiza ahadi yake. Hongera.
45 any staff_there_when_needed | Nilipohitaji msaada, kulikuwa na mtu.
45 any friendliness | Safi.
5 any friendliness | Huduma bora kabisa!

45 tills speed | Foleni ilikuwa ndefu lakini {name} aliiendesha haraka.
5 tills speed | {name} wa {place} ana mkono mwepesi, dakika {few} tu nikatoka.
45 tills speed | Nilikuwa na haraka ya matatu, {name} akanielewa.
45 tills speed | M-Pesa ilichelewa lakini {name} aliangalia upesi.
45 tills friendliness | {name} ana tabasamu hata akiwa amechoka.
5 tills friendliness | Mtoto alikuwa analia na {name} akambembeleza. Asante.
45 tills friendliness | Anaongea vizuri na wateja wote.
5 tills felt_as_an_individual | {name} alimpa mama yangu kiti wakati tunasubiri. Nimeguswa.
5 tills felt_as_an_individual | Aliona nina mimba na akanihudumia kwanza.
45 tills felt_as_an_individual | {name} alinisaidia kubeba {product} hadi kwenye teksi.
45 tills price_clear | {name} aligundua bei ya rafu ni tofauti, akanipunguzia.
45 tills price_clear | Risiti imeelezwa vizuri, hakuna maswali.
5 tills price_clear | Nililipa mara mbili kwa bahati mbaya, {name} akanirudishia papo hapo.
45 tills returns_clear | Alinieleza kuhusu warranty ya {product} bila mimi kuuliza.
45 tills returns_clear | {name} aliniambia nitunze risiti na boksi siku 14.
45 tills no_pressure | Hakunilazimisha kuchukua bima. Nimependa.
45 tills effort | {name} alifunga glasi moja moja kwa karatasi.
5 tills effort | Nilisahau PIN mara mbili, {name} alisubiri tu bila kunung’unika.
45 tills staff_there_when_needed | Walifungua till nyingine mara foleni ilipoongezeka.
45 tills promise_kept | Waliniwekea {product} kama walivyosema.
45 tills knowledge | Hata kwenye till wanajua bidhaa zao.

5 advice knowledge | {name} alinieleza tofauti ya kila {product} kama mwalimu.
45 advice knowledge | Anajua ni {product} gani haili umeme mwingi. Tokeni ni ghali!
45 advice knowledge | Aliniuliza ukubwa wa jikoni kwanza. Akili sana.
45 advice options_explained | Alinionyesha chaguo tatu kulingana na bajeti yangu.
5 advice options_explained | {name} alinieleza mpango wa lipa polepole kwa hesabu kamili.
45 advice options_explained | Nilijua ni moja tu, kumbe kuna nyingine nzuri kwa bei hiyo hiyo.
5 advice no_pressure | {name} aliniambia nisinunue ile kubwa, sihitaji. Mwaminifu!
45 advice no_pressure | Nilizunguka duka lote bila kusumbuliwa.
45 advice price_clear | Bei ya {product}, ya usafiri na ya kufunga, zote ziko wazi.
45 advice friendliness | Niliuliza swali moja mara tatu na {name} hakuchoka.
45 advice friendliness | Karibu ya mlangoni ilikuwa nzuri sana.
45 advice speed | Nilipata jibu kwa dakika {few}.
5 advice staff_there_when_needed | {name} alinipeleka mpaka kwenye rafu na akanisubiri.
45 advice staff_there_when_needed | Wafanyakazi wako wa kutosha leo.
5 advice felt_as_an_individual | Aliuliza nani ataitumia. Ni ya babu, kwa hivyo alichagua iliyo rahisi.
45 advice effort | {name} alipiga simu tawi lingine kutafuta rangi ninayotaka.
45 advice promise_kept | Walisema {product} itafika wiki hii, na kweli imefika.

45 returns effort | Nimerudisha {product} bila kelele.
5 returns effort | Sikuwa na risiti, {name} akaitafuta kwa namba yangu ya simu.
45 returns returns_clear | {name} alinieleza warranty inafunika nini na haifuniki nini.
45 returns returns_clear | Sasa nimeelewa ile sheria ya siku 14.
5 returns promise_kept | Pesa ilirudi kwa M-Pesa kabla sijafika nyumbani!
45 returns promise_kept | {product} ilitengenezwa siku waliyosema.
45 returns answers_right | {name} aliijaribu mbele yangu na akapata shida.
5 returns friendliness | Nilikuja na hasira, nimeondoka nikicheka. Asante {name}.
45 returns friendliness | Hakuniangalia kama mwizi. Asante.
45 returns speed | Kubadilisha kulichukua dakika {few} tu.
45 returns felt_as_an_individual | {name} aliona nina watoto wawili, akanihudumia kwanza.

5 delivery promise_kept | Saa waliyosema ndiyo saa waliyofika. Sijaamini!
45 delivery promise_kept | {product} ilifika siku waliyoahidi, hata na mvua.
45 delivery promise_kept | {name} alipiga simu akitoka na akifika. Mpangilio mzuri.
5 delivery effort | {name} alibeba {product} mpaka gorofa ya nne, bila lifti. Pole na asante.
45 delivery effort | Alifunga vizuri na akafagia baadaye.
45 delivery effort | Barabara ya {area} ni mbaya lakini alifika.
45 delivery friendliness | {name} alimheshimu sana mama yangu.
5 delivery friendliness | Kijana mwenye adabu, hata viatu alivua.
45 delivery knowledge | {name} alinionyesha jinsi ya kuitumia, hatua kwa hatua.
45 delivery knowledge | Aliangalia soketi kwanza. Usalama mbele.
45 delivery speed | Niliagiza jana, leo iko {area}. Mambo safi!
45 delivery felt_as_an_individual | {name} alinisubiri nikitoka kliniki.
45 delivery returns_clear | Tuliikagua pamoja kabla ya kuweka sahihi.
45 delivery staff_there_when_needed | Nikipiga simu anashika mara moja.

45 phone answers_right | {name} aliniambia kitufe cha kubonyeza na ikawaka.
5 phone answers_right | Simu moja tu na shida ikaisha. {name} ni noma!
45 phone effort | {name} alikaa kwenye laini mpaka {product} ikafanya kazi.
45 phone speed | Walishika simu mara ya pili tu ikilia.
45 phone friendliness | Sauti ya upole hata mimi nikiwa na hasira.
5 phone felt_as_an_individual | {name} aliongea Kiswahili na baba yangu, akaelewa yote.
45 phone knowledge | Anaijua {product} yangu bila kuangalia kitabu.
45 phone promise_kept | Aliahidi kunipigia tena, na kweli akapiga.
45 chat answers_right | Jibu fupi na sahihi. Nimependa.
5 chat answers_right | {name} alinitumia picha ya sehemu ya kubonyeza. Rahisi kabisa!
45 chat speed | Wanajibu haraka kuliko rafiki zangu wa WhatsApp.
45 chat friendliness | {name} anaandika kama binadamu, si roboti.
45 chat effort | Alibadilisha anwani yangu bila kunizungusha.
45 chat felt_as_an_individual | Nilijibiwa kwa Kiswahili sanifu. Asante {name}.
45 chat promise_kept | Waliahidi barua pepe, na ilikuja papo hapo.
5 complaints effort | {name} alishughulikia kesi yangu mwenyewe hadi ikaisha.
45 complaints promise_kept | {name} alisema pesa itarudi wiki hii, na imerudi.
45 complaints friendliness | Aliniacha nimalize kuongea, nikatulia.
5 complaints friendliness | Aliomba msamaha wa kweli. Yamekwisha.
45 complaints answers_right | Hatimaye nimepata jibu la ukweli.
45 complaints felt_as_an_individual | {name} alielewa kwa nini niliumia.

4 any speed | Vizuri, ila mngeongeza kasi kidogo.
4 any effort | Vizuri kwa jumla, kasoro ndogo tu.
4 tills speed | {name} yuko sawa, foleni ndiyo shida.
4 tills staff_there_when_needed | Huduma nzuri, ila saa ya lunch ongezeni till.
4 advice knowledge | {name} alijua mengi, mengine akauliza mwenzake. Sawa.
4 returns effort | Imeenda vizuri, ila fomu ni ndefu.
4 delivery promise_kept | Alichelewa nusu saa lakini alipiga simu.
4 phone speed | Msaada mzuri, ila nilisubiri kidogo.
4 chat speed | Majibu mazuri, yanakuja polepole.
4 complaints effort | Imeisha vizuri, ingawa haikupaswa kutokea.

3 any effort | Ni sawa tu.
3 any friendliness | Kawaida. Si mbaya, si nzuri sana.
3 any speed | Polepole kidogo leo.
3 any knowledge | Nilipata nusu ya jibu.
3 any promise_kept | Si hivyo mlivyosema, lakini nitavumilia.
3 any felt_as_an_individual | {name} alifanya kazi yake, lakini bila kuniangalia.
3 tills speed | Foleni ndefu, mhudumu yuko sawa.
3 tills speed | Dakika {minutes} kwa kitu kimoja. Mengine sawa.
3 tills staff_there_when_needed | Till mbili tu zimefunguliwa. {name} alijitahidi.
3 tills price_clear | Bei ya {place} na ya rafu hazikulingana. Walirekebisha baadaye.
3 advice options_explained | Nilionyeshwa aina moja tu ya {product}.
3 advice staff_there_when_needed | Nilisubiri mwenye funguo dakika {minutes}.
3 returns speed | Pesa imerudi, lakini dakika {minutes} kwa sahihi moja!
3 returns returns_clear | Bado sijaelewa warranty inafunika nini.
3 delivery promise_kept | Ilifika, ila masaa matatu baadaye.
3 delivery effort | Waliacha {product} getini, tukabeba wenyewe.
3 phone speed | Nilisubiri dakika {minutes}, halafu nikasaidiwa.
3 chat answers_right | Nusu ya jibu leo, nusu kesho.
3 complaints speed | Imeisha, lakini baada ya wiki tatu.

12 any friendliness | Hakuna salamu, hakuna chochote.
1 any friendliness | Mna dharau. Sirudi tena.
12 any felt_as_an_individual | Hakuna aliyenisikiliza.
12 any effort | Nimeeleza jambo moja mara tatu.
1 any effort | Mnanizungusha tu. Nimechoka.
12 any knowledge | {name} hakujua jibu na hakuuliza mtu.
12 any promise_kept | Mnaahidi hivi, mnafanya vile.
12 any staff_there_when_needed | Ukihitaji msaada hakuna mtu.
12 any speed | Polepole sana, nina kazi pia.

12 tills speed | Nimesubiri dakika {minutes} kwenye foleni. Hapana.
12 tills speed | Foleni ya {place} haisongi kabisa.
1 tills speed | Dakika {minutes}! Niliacha kikapu nikaondoka.
12 tills speed | {name} ni mpole lakini foleni ilikuwa ndefu mno.
12 tills speed | Till ya haraka, dakika {minutes}. Haraka gani hiyo?
12 tills speed | Muda wangu wote wa mapumziko umeishia kwenye foleni yenu.
12 tills speed | Kununua ni dakika mbili, kulipa ni dakika {minutes}.
12 tills staff_there_when_needed | Till sita, watu wawili. Kwa nini?
12 tills staff_there_when_needed | Hakuna aliyetuambia till inafungwa. Nilianza tena nyuma.
12 tills staff_there_when_needed | {name} alikuwa peke yake na foleni ya watu kumi na tano.
1 tills staff_there_when_needed | Walifunga {place} zamu yangu ilipofika!
12 tills staff_there_when_needed | Ongezeni wahudumu, tunaumia foleni kila wikendi.
12 tills friendliness | Alinirushia chenji. Si vizuri.
12 tills price_clear | Rafu inasema bei moja, till inasema zaidi ya {amount}.
1 tills price_clear | Nimelipishwa mara mbili kwa {product} moja!
12 tills price_clear | Ile ofa ya kwenye bango haikuwa kwenye risiti.
12 tills returns_clear | Hakuna aliyesema vitu vya ofa havirudishwi.
12 tills no_pressure | Kadi, airtime, bima, tena na tena. Imetosha.
12 tills effort | Mashine ya kadi haifanyi kazi tena.
12 tills felt_as_an_individual | Wazee wanasimama foleni ndefu bila kiti.

12 advice knowledge | Niliuliza kuhusu {product}, nikapewa kubahatisha.
1 advice knowledge | Ushauri mbaya, nimepoteza {amount}.
12 advice options_explained | Walinionyesha ya bei ghali tu.
12 advice no_pressure | Wananifuata dukani kama mwizi.
12 advice price_clear | {product} moja, bei tatu. Ni ipi?
12 advice staff_there_when_needed | Nimezunguka dakika {minutes}, sikuona mhudumu.
12 advice staff_there_when_needed | Wahudumu wako kwenye simu zao.
12 advice friendliness | {name} alicheka niliposema bajeti yangu.
12 advice promise_kept | Waliniambia {product} iko, nikaja, haiko.
12 advice felt_as_an_individual | Hakuuliza ninachohitaji, aliongea tu.

12 returns speed | Dakika {minutes} na mbele yangu kuna mtu mmoja tu.
12 returns effort | Njoo kesho, njoo Jumatatu, njoo na boksi. Nimekuja mara nne.
12 returns returns_clear | Kule till ni siku 14, hapa ni siku 7. Ni ipi kweli?
12 returns promise_kept | Mlisema pesa ndani ya masaa 24. Leo ni siku ya sita.
1 returns promise_kept | {product} yangu iko “fundi” miezi miwili. Hakuna simu.
12 returns friendliness | {name} aliniangalia kama mimi ndiye niliiharibu.
12 returns knowledge | Aliuliza watu watatu sheria ni gani.
12 returns answers_right | Walisema shida ni soketi. Si soketi.

12 delivery promise_kept | Niliomba ruhusa kazini na hakuna aliyekuja.
1 delivery promise_kept | Tarehe ya tatu hii mmebadilisha. Sitaki tena.
12 delivery promise_kept | “Tuko njiani” tangu jana. {area} si mbali hivyo.
12 delivery speed | Siku kumi kufika {area}! Ningetembea.
12 delivery effort | Waliacha {product} getini. Nina miaka 62 na naishi gorofa ya tatu.
12 delivery effort | Matope sebule nzima.
12 delivery knowledge | Ilifungwa vibaya, nikaita fundi mwingine.
12 delivery friendliness | Aliomba “kitu kidogo” ya kubeba. Nimeshalipa usafiri.
12 delivery staff_there_when_needed | Nimepiga simu mara tisa, hakuna anayeshika.
12 delivery answers_right | Kila nikiuliza {product} iko wapi, hadithi mpya.

12 phone speed | Muziki dakika {minutes}, airtime ikaisha.
1 phone speed | Nimepiga mara nne leo, hakuna anayeshika.
12 phone answers_right | “Izime uiwashe.” Nimeshafanya hivyo!
12 phone effort | Nimehamishwa kwa watu watatu, kila mmoja aanze upya.
12 phone promise_kept | Mlisema mtanipigia jana. Bado nasubiri.
12 phone friendliness | {name} alinikatiza nikiongea.
12 phone felt_as_an_individual | Baba aliomba Kiswahili, akaambiwa asubiri. Kimya.
12 chat speed | Dakika {minutes} kati ya ujumbe na ujumbe.
12 chat answers_right | Jibu la swali ambalo sikuuliza.
1 chat promise_kept | Mmefunga tiketi na shida bado ipo.
12 chat effort | Picha hiyo hiyo nimetuma mara nne.
12 chat staff_there_when_needed | Inaonyesha mko online, hakuna anayejibu.
12 chat friendliness | Majibu ya neno moja moja tu.
12 complaints speed | Wiki tatu za “tunaangalia”.
1 complaints promise_kept | Wanasema pesa imerudi. Akaunti inasema hapana.
12 complaints promise_kept | Niliahidiwa simu ya meneja. Hakuna meneja aliyepiga.
12 complaints effort | Kila mtu mpya, naanza upya kueleza.
12 complaints answers_right | “Ni sheria ya kampuni.” Hilo si jibu.
12 complaints friendliness | Msamaha haulipiwi, lakini sikupata hata mmoja.
12 complaints felt_as_an_individual | Barua ya kunakili tu, hakuna aliyesoma kesi yangu.
"""
