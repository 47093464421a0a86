"""Names of makers, products and techniques, which are technical terms though they are words of no language."""

_MAKERS = """
ge gems g.e medical systems healthcare healthineers siemens philips toshiba mec canon hitachi fujifilm fuji photo film
agfa gevaert carestream kodak eastman konica minolta hologic lorad samsung medison mindray esaote shimadzu uih united
imaging neusoft varian elekta accuray tomotherapy brainlab raysearch raystation mortara instrument sonosite aloka acuson
atl adac picker marconi elscint bruker agilent mr solutions hyperfine perimed planmeca sirona vatech carl zeiss meditec
heidelberg engineering topcon nidek optos leica hamamatsu aperio roche ventana olympus stryker barco eizo vital images
terarecon merge fuji intelerad sectra visage offis ev kuratorium qiicr pixelmed acme debug linac cms manufacturer model
instrument instruments products company corporation corp co ltd inc gmbh ag kg sa spa bv nv llc kk plc laboratories
technologies technology devices device diagnostics diagnostic electronics international xray ultrasound nuclear
"""
_PRODUCTS = """
lightspeed apps discovery revolution optima brightspeed signa genesis hispeed prospeed highspeed advantage advance
excite hdx hdxt hde pioneer architect artist premier voyager creator explorer innova precision definium proteus infinia
millennium millenium hawkeye xeleris somatom definition force sensation emotion spirit perspective scope drive edge
flash confidence naeotom alpha xcite magnetom avanto skyra prisma trio triotim trio-tim verio aera espree symphony vida
sola lumina harmony sonata concerto allegra vision biograph mct mmr horizon truepoint ecam symbia intevo artis zee zeego
axiom luminos ysio multix fluorospot compact arcadis mobilett brilliance ingenuity ict iqon incisive mx8000 ambition
achieva ingenia intera gyroscan gemini vereos panorama elition allura azurion digitaldiagnost essenta aquilion lightning
prime one vantage titan orian galan excelart infinix aplio xario supria scenaria echelon oasis airis hirise eclipse
pinnacle monaco xio oncentra masterplan iplan precise versa synergy truebeam clinac trilogy halcyon ethos cyberknife
syngo via numaris numaris/4 plaza acuson sequoia antares logiq vivid voluson versana venue iu ie epiq affiniti sparq
lumify cx sonos clearvue zonare senographe senoscan crystal essential pristina selenia dimensions mammomat inspiration
revelation microdose dcmtk dcmchee dcm4che gdcm pydicom highdicom dcmqi itk vtk slicer osirix horos orthanc weasis
radiant efilm mevis mevislab matlab python github dicomlib dicom lib coreload rtnc turbo tps irs printers drivers os
applicat rhapsode uexplorer umi umr uct udr pet ct mr us cr dx dr xa rf nm mg opg iris nova acr ami
"""
_TERMS = """
standard boneplus bone plus soft lung detail chst smooth sharp ultra hd std enhanced edge flat bowtie fil filter large
head body small medium strip wedge none butterfly circular rectangular al cu mo rh ag sn w ti aluminum copper tin
molybdenum rhodium silver tungsten lead se tse fse tfe ffe tfl tirm stir flair dwi epi ep2d fl gre gr ir sp spgr fspgr
efgre fiesta trufi ssfse haste space cube vista mprage ge eg pc tof swi swan asl dixon mdixon lava vibe thrive dti
fgre bssfp mp cine hu od us pval mgml z_eff ed edw hu_mod pct usr unspecified iv po oral im intravenous rectal om sn
laser apex xiphoid iliac crest carotid carotids window window1 window2 narrow wide normal brain mediastinum abdomen
liver angio soft tissue bones spine default user auto algo algo1 algo2 sft har min max osem tof psf fbp bp mlem vpfx
vpfxs qcfx qcfxs 3drp fore row ramla blob wallis ctac mrac measured model-based dlyd decay sing randoms drm rnd smoothed
card adult gen cv ob gyn general sm prts adv breast vasc msk ped neo cardiac abd pelvis thyroid carot tee le ue drum sel
scatter attenuation correction convolution subtraction dual energy monte carlo code qd array head-neck hna nv knee tr
txrx rx spine torso flex loop ant post bc qbody 8ch 16ch 32ch surface hea hep hec nec ne tnc bo sp pa mi dose mode
helical axial scout cine spiral sequence sequenced topogram localizer surview csa mpr mip minip vrt ssd mosaic nd norm
dis2d dis3d dis fm fs mfsplit som tpos seq spi dcm phase mag magnitude derived original primary secondary localizer
for presentation processing has acq context obs mod concept contains inferred from selected properties palette color
component prostate db to out gantry plane projection parts single whole curved linear sector phased tracking wb
"""
NAMES = frozenset(f"{_MAKERS}{_PRODUCTS}{_TERMS}".split())
